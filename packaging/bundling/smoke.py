"""The finished program, tried out as a person gets it: on a bare computer, from a folder with an awkward name."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bundling.failure import BundleError
from bundling.product import FULL, ROOT, TERMINAL, VERSION, Flavour, system
from bundling.walls import BareComputer

AWKWARD = "Größe, 音楽 & more"  # spaces and letters outside of ASCII, as in a person's own folders


@dataclass(frozen=True)
class Smoke:
    """What was seen. Times are those of the self-test: from the start of the process to the painted window, and from
    pressing Start to the first sound."""

    time_to_window_s: float
    time_to_first_sound_s: float
    walled: bool

    def words(self) -> str:
        how = "without a network, on a read-only disk" if self.walled else "with this computer's network and disk"
        return (
            f"Self-test passed, {how}, from a folder named {AWKWARD}: window after {self.time_to_window_s:.2f} s, "
            f"sound {self.time_to_first_sound_s:.2f} s after Start."
        )


def check(program: Path, flavour: Flavour, scratch: Path, window_s: float | None = None) -> Smoke:
    """Try `program` out; `scratch` is an empty folder. Raises BundleError for what does not work, and where the window
    takes longer than `window_s`."""
    home = scratch / "home"
    home.mkdir(parents=True)
    models = _tiny_models(scratch / "models") if flavour == FULL else None
    computer = BareComputer(home, (program.parent, scratch / "models") if models else (program.parent,))
    version = _ran(computer, program, "--version").strip()
    if not version.endswith(VERSION):
        raise BundleError(f"The program says that it is {version}, and not {VERSION}.")
    if "compose" not in _ran(computer, _terminal(program, home), "--help"):
        raise BundleError(f"Called {TERMINAL}, it is not the program for the terminal.")
    _ran(computer, program, "doctor")
    report = json.loads(_ran(computer, program, "--self-test", "--json"))
    if window_s is not None and report["time_to_window_s"] > window_s:
        raise BundleError(f"The window takes {report['time_to_window_s']} s to appear; {window_s} s are allowed.")
    for engine in ("musicgen", "audiocraft") if models else ():
        _compose(computer, program, engine, scratch / "models" / engine)
    return Smoke(report["time_to_window_s"], report["time_to_first_sound_s"], computer.is_walled())


def _terminal(program: Path, home: Path) -> Path:
    """On Windows a program of its own, else the same one, called by the other name."""
    if system() == "windows":
        return program.with_name(f"{TERMINAL}.exe")
    link = home / TERMINAL
    link.symlink_to(program)
    return link


def _compose(computer: BareComputer, program: Path, engine: str, model: Path) -> None:
    out = computer.home / engine
    way = ("--from", "anxious", "--to", "calm", "--minutes", "1")
    _ran(computer, program, "compose", *way, "--engine", engine, "--model", str(model), "--out", str(out))
    if not (out / "session.flac").is_file():
        raise BundleError(f"{engine} wrote no music.")


def _ran(computer: BareComputer, program: Path, *arguments: str) -> str:
    done = computer.run(program, *arguments)
    if done.returncode:
        command = " ".join(arguments)
        raise BundleError(f"{command} ended with code {done.returncode}.\n{done.stdout}{done.stderr}")
    return done.stdout


def _tiny_models(folder: Path) -> Path:
    """MusicGen with few and random weights, in the forms of transformers and of AudioCraft."""
    subprocess.run([sys.executable, "-m", "tests.fakes.bundled", str(folder)], cwd=ROOT, check=True)
    return folder
