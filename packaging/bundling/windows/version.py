"""What Windows shows as a program's properties."""

from __future__ import annotations

import re
from typing import Any

from bundling.product import LICENCE, PUBLISHER, SUMMARY, TITLE, VERSION

_ENGLISH, _UNICODE = 0x0409, 1200  # language and code page of the texts
# Values of VS_FIXEDFILEINFO, see learn.microsoft.com/windows/win32/api/verrsrc.
_ALL_FLAGS, _WINDOWS_NT, _PROGRAM = 0x3F, 0x40004, 0x1


def version_info() -> Any:
    """The version resource of the executables, as PyInstaller's EXE(version=...) takes it. Needs Windows."""
    from PyInstaller.utils.win32 import versioninfo as parts

    numbers = four_numbers(VERSION)
    fixed = parts.FixedFileInfo(numbers, numbers, _ALL_FLAGS, 0, _WINDOWS_NT, _PROGRAM)
    table = parts.StringTable(f"{_ENGLISH:04X}{_UNICODE:04X}", [parts.StringStruct(*pair) for pair in texts().items()])
    languages = parts.VarFileInfo([parts.VarStruct("Translation", [_ENGLISH, _UNICODE])])
    return parts.VSVersionInfo(ffi=fixed, kids=[parts.StringFileInfo([table]), languages])


def texts() -> dict[str, str]:
    """The texts under their names in Windows. The description is what the task manager calls the program."""
    return {
        "CompanyName": PUBLISHER,
        "FileDescription": TITLE,
        "FileVersion": VERSION,
        "ProductName": TITLE,
        "ProductVersion": VERSION,
        "Comments": SUMMARY,
        "LegalCopyright": f"Free software: {LICENCE}",
    }


def four_numbers(version: str) -> tuple[int, int, int, int]:
    """0.2.0 as 0, 2, 0, 0; what follows the numbers, such as rc1, is left out."""
    leading = re.match(r"\d+(\.\d+){0,3}", version)
    numbers = [int(part) for part in leading[0].split(".")] if leading else []
    first, second, third, fourth = [*numbers, 0, 0, 0, 0][:4]
    return first, second, third, fourth
