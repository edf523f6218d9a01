"""What Windows' registry is told about the files that the program opens."""

from __future__ import annotations

from bundling.product import EXCHANGE, PROGRAM

_CLASSES = r"Software\Classes"
_EXECUTABLE = rf"{{app}}\{PROGRAM}.exe"
_KEY_OF_OURS = "uninsdeletekey"
# Another program's entry for the same files is neither overwritten nor taken away.
_FIRST_COME = "createvalueifdoesntexist uninsdeletevalue uninsdeletekeyifempty"
_BESIDE_OTHERS = "uninsdeletevalue uninsdeletekeyifempty"


def lines() -> list[str]:
    """Entries of an Inno Setup script's section [Registry], for all kinds of files that are exchanged.

    HKA is the person's own part of the registry, or everybody's where the program is installed for all.
    """
    return [line for suffix, mime, words in EXCHANGE for line in _of_one(suffix, mime, words)]


def program_id(mime: str) -> str:
    """Windows' name for a kind of files, which has no punctuation but dots: MusicMed.Session."""
    return f"MusicMed.{mime.rpartition('-')[2].title()}"


def _of_one(suffix: str, mime: str, words: str) -> list[str]:
    kind = program_id(mime)
    ours = rf"{_CLASSES}\{kind}"
    return [
        _value(rf"{_CLASSES}\{suffix}", "", kind, _FIRST_COME),
        _value(rf"{_CLASSES}\{suffix}", "Content Type", mime, _FIRST_COME),
        _value(rf"{_CLASSES}\{suffix}\OpenWithProgids", kind, "", _BESIDE_OTHERS),
        _value(ours, "", words, _KEY_OF_OURS),
        _value(rf"{ours}\DefaultIcon", "", f"{_EXECUTABLE},0", _KEY_OF_OURS),
        _value(rf"{ours}\shell\open\command", "", f'"{_EXECUTABLE}" "%1"', _KEY_OF_OURS),
    ]


def _value(key: str, name: str, data: str, flags: str) -> str:
    quoted = data.replace('"', '""')
    return f'Root: HKA; Subkey: "{key}"; ValueType: string; ValueName: "{name}"; ValueData: "{quoted}"; Flags: {flags}'
