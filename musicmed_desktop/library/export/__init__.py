"""What leaves the library as a copy: sound files, folders, and tables of all data."""

from musicmed_desktop.library.export.document import dump_json, write_json
from musicmed_desktop.library.export.folder import export_folder, plain_files
from musicmed_desktop.library.export.sound import export_sound
from musicmed_desktop.library.export.table import dump_csv, write_csv
from musicmed_desktop.library.export.tags import Tags, tags_of

__all__ = [
    "Tags",
    "dump_csv",
    "dump_json",
    "export_folder",
    "export_sound",
    "plain_files",
    "tags_of",
    "write_csv",
    "write_json",
]
