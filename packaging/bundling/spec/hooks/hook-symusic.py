"""symusic looks for the two programs that it brings along as it is loaded."""

from PyInstaller.utils.hooks import collect_data_files

datas = collect_data_files("symusic", includes=["bin/*"])
