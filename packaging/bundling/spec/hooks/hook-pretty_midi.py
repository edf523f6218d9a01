"""Of pretty_midi its SoundFont alone is used."""

from PyInstaller.utils.hooks import collect_data_files

datas = collect_data_files("pretty_midi", includes=["TimGM6mb.sf2"])
excludedimports = [f"pretty_midi.{name}" for name in ("constants", "containers", "fluidsynth", "instrument")]
excludedimports += ["pretty_midi.pretty_midi", "pretty_midi.utilities"]
