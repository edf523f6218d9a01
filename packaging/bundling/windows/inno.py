"""The installer for Windows, made by Inno Setup, and the zip file for a USB stick."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import zipfile
from pathlib import Path

from bundling import icons, product
from bundling.failure import BundleError
from bundling.product import PROGRAM, ROOT, TERMINAL, TITLE, Flavour
from bundling.windows import associations, signing
from bundling.windows.version import four_numbers
from musicmed_desktop.paths import PORTABLE

SCRIPT = Path(__file__).with_name("installer.iss")
COMPILER = "MUSICMED_ISCC"

_LICENCE = ROOT / "LICENSE"
_ARCHITECTURES = {"x86_64": "x64compatible", "arm64": "arm64"}  # Inno Setup's names
_SILENTLY = ("/VERYSILENT", "/SUPPRESSMSGBOXES", "/NORESTART")
_LIMIT_S = 900.0
_OLDEST = (1980, 1, 1, 0, 0, 0)  # the first day that a zip file knows
_PORTABLE_WORDS = f"""\
{TITLE} keeps everything in the folder beside this file: sessions, settings and music models.
So it can live on a USB stick. Without this file it keeps them in your own folder on each computer.
"""


def build(bundle: Path, flavour: Flavour, notices: Path, scratch: Path, out: Path) -> Path:
    """Wrap the folder `bundle`, whose programs are signed where that is possible; the installer lies in `out`.

    `notices` are the licences of what is bundled; `scratch` may be filled. Raises BundleError.
    """
    compiler = find_compiler()
    signing.sign([bundle / f"{name}.exe" for name in (PROGRAM, TERMINAL)])
    given = _definitions(bundle, flavour, notices, scratch)
    options = [f"/D{name}={value}" for name, value in given.items()]
    installer = out / product.installer_name(flavour, ".exe")
    command: list[str | Path] = [
        compiler,
        "/Qp",
        *options,
        *signing.for_inno(),
        f"/O{out}",
        f"/F{installer.stem}",
        SCRIPT,
    ]
    done = subprocess.run(command, check=False)
    if done.returncode or not installer.is_file():
        raise BundleError(f"Inno Setup could not make {installer.name}; the reason is above.")
    return installer


def find_compiler() -> Path:
    """Inno Setup's compiler for the command line. Raises BundleError where it is not on this computer."""
    named = os.environ.get(COMPILER) or shutil.which("ISCC")
    if named:
        return Path(named)
    folders = [os.environ.get(name) for name in ("ProgramFiles(x86)", "ProgramFiles")]
    if local := os.environ.get("LOCALAPPDATA"):
        folders.append(str(Path(local) / "Programs"))
    for folder in filter(None, folders):
        for found in sorted(Path(folder).glob("Inno Setup */ISCC.exe"), reverse=True):
            return found
    raise BundleError(
        "Inno Setup is not on this computer. Install version 6.3 or newer from https://jrsoftware.org/isdl.php "
        f"(or with: choco install innosetup), or name its ISCC.exe in {COMPILER}."
    )


def _definitions(bundle: Path, flavour: Flavour, notices: Path, scratch: Path) -> dict[str, str | Path]:
    """What installer.iss asks for."""
    icon, entries = scratch / "musicmed.ico", scratch / "associations.iss"
    icons.write_ico(icon)
    entries.write_text("\n".join([*associations.lines(), ""]), encoding="utf-8-sig")
    names = {"Title": TITLE, "Program": PROGRAM, "Terminal": TERMINAL, "Version": product.VERSION}
    words = {"Publisher": product.PUBLISHER, "Summary": product.SUMMARY, "Words": flavour.words}
    numbers = ".".join(map(str, four_numbers(product.VERSION)))
    system = {"Numbers": numbers, "Architecture": _ARCHITECTURES[product.machine()]}
    files = {"Bundle": bundle, "Licence": _LICENCE, "Notices": notices, "Icon": icon, "Associations": entries}
    return {**names, **words, **system, **files}


def portable_zip(bundle: Path, flavour: Flavour, notices: Path, scratch: Path, out: Path) -> Path:
    """`bundle` as a zip file in `out`; once unpacked, the program keeps everything beside it.

    The same input gives the same bytes.
    """
    portable = scratch / PORTABLE
    portable.write_text(_PORTABLE_WORDS, encoding="utf-8", newline="\r\n")
    beside = {PORTABLE: portable, "LICENSE.txt": _LICENCE, notices.name: notices}
    files = {path.relative_to(bundle).as_posix(): path for path in bundle.rglob("*") if path.is_file()} | beside
    target = out / product.installer_name(flavour, "-portable.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{TITLE}/{name}", _OLDEST)
            entry.create_system = 0  # Windows
            entry.compress_type = zipfile.ZIP_DEFLATED
            with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
    return target


def install_silently(installer: Path, folder: Path) -> None:
    """Install for the person at the computer, without a question. Raises BundleError."""
    _run([installer, *_SILENTLY, "/SP-", "/CURRENTUSER", f"/DIR={folder}"], "The installer")


def uninstall_silently(folder: Path) -> None:
    """Take away what was installed in `folder`; sessions stay. Raises BundleError."""
    uninstaller = folder / "unins000.exe"
    _run([uninstaller, *_SILENTLY], "The uninstaller")
    # It deletes itself at the very end, from a copy of its own that nobody else waits for.
    deadline = time.monotonic() + 60.0
    while uninstaller.exists():
        if time.monotonic() > deadline:
            raise BundleError(f"The uninstaller left {folder} as it was.")
        time.sleep(0.2)


def _run(command: list[str | Path], what: str) -> None:
    try:
        subprocess.run(command, check=True, timeout=_LIMIT_S)
    except (OSError, subprocess.SubprocessError) as error:
        raise BundleError(f"{what} failed: {error}") from error
