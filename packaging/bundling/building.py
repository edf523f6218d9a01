"""From a checkout to installers that were tried out."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from bundling import contents, licences, scrubbing, sizes, smoke, systems, traces
from bundling.failure import BundleError
from bundling.product import PROGRAM, ROOT, TITLE, Flavour, installer_name, system

LICENCES = "LICENCES.txt"


def build(flavour: Flavour) -> list[Path]:
    """Make the flavour's installers in dist, and print what was found out about them. Raises BundleError where
    something is not as it has to be; then there is no installer of this flavour in dist."""
    work, out = ROOT / "build" / flavour.name, ROOT / "dist"
    out.mkdir(exist_ok=True)
    _say(f"Making the {flavour.name} edition, {flavour.words} ...")
    _forget(flavour, out)
    bundle = _bundled(flavour, work)
    notices = _with_licences(bundle, work)
    _say(sizes.report(bundle, flavour))
    _clean(bundle)
    try:
        installers = systems.make(systems.Order(bundle, flavour, notices, _empty(work / "scratch")), out)
        with systems.installed(installers, _empty(work / "installed") / smoke.AWKWARD) as program:
            seen = smoke.check(program, flavour, _empty(work / "smoke"), sizes.window_limit_s(flavour))
    except BaseException:
        _forget(flavour, out)
        raise
    _say(seen.words())
    for installer in installers:
        _say(f"{installer.relative_to(ROOT)}: {installer.stat().st_size / 1e6:.0f} MB")
    return installers


def _forget(flavour: Flavour, out: Path) -> None:
    """What was not tried out is not to be had."""
    for installer in out.glob(installer_name(flavour, "*")):
        installer.unlink()


def _bundled(flavour: Flavour, work: Path) -> Path:
    """PyInstaller's folder, on macOS its app."""
    spec = Path(__file__).parent / "spec" / "musicmed.spec"
    folders = ("--distpath", str(work / "bundle"), "--workpath", str(work / "pyinstaller"))
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", *folders, str(spec), "--", flavour.name]
    log = work / "pyinstaller.log"
    with log.open("w", encoding="utf-8") as output:
        done = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
        raise BundleError(f"PyInstaller failed:\n{tail}\nAll of its output is in {log}.")
    return work / "bundle" / (f"{TITLE}.app" if system() == "macos" else PROGRAM)


def _with_licences(bundle: Path, work: Path) -> Path:
    """The notices of all that is bundled; they lie in the bundle, too."""
    entries = contents.read(work / "pyinstaller" / "musicmed" / "contents.json")
    notices = licences.write(entries, work / LICENCES)
    inside = bundle / "Contents" / "Resources" if system() == "macos" else bundle
    shutil.copyfile(notices, inside / LICENCES)
    return notices


def _clean(bundle: Path) -> None:
    """Nothing in it may tell of this computer."""
    forbidden = traces.forbidden(ROOT, Path(sys.prefix))
    scrubbing.scrub(bundle, forbidden)
    if found := traces.find(bundle, forbidden):
        listed = "\n".join(f"  {trace}" for trace in found[:20])
        raise BundleError(f"The bundle holds paths of this computer:\n{listed}")


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _say(text: str) -> None:
    print(text, flush=True)
