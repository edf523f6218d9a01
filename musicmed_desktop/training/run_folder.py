"""The folder of a training: what was asked for, its states, its log, its samples, and in the end the adapter."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from musicmed_desktop.disk import unreadable, write_whole, writing
from musicmed_desktop.errors import UserError
from musicmed_desktop.training.dataset.track import Excluded

REQUEST = "training.json"
_ELSEWHERE = "Choose another folder with --out, or ask for the same training again, to go on with it."


class RunFolder:
    """Where the parts of a training lie in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checkpoints = folder / "checkpoints"
        self.codes = folder / "codes"
        self.logs = folder / "logs"
        self.adapter = folder / "adapter"

    def sample(self, step: int) -> Path:
        return self.folder / "samples" / f"step-{step:07}"

    def best(self, step: int) -> Path:
        """The adapter of the evaluation behind `step`, kept while no later one is better."""
        return self.folder / "best" / f"step-{step:07}"

    def claim(self, request: Mapping[str, Any]) -> None:
        """Write down what is asked for, or learnt from. Raises UserError where this folder holds something else."""
        path = self.folder / REQUEST
        known = _read(path)
        if known is None:
            self._refuse_strangers()
            known = {}
        for name, value in request.items():
            if known.get(name, value) != value:
                what = f"{name.replace('_', ' ')} was {known[name]}, and is {value} now"
                raise UserError(f"There is another training in {self.folder}: {what}.", _ELSEWHERE)
        self.write(path, json.dumps({**known, **request}, indent=2).encode() + b"\n")

    def write(self, path: Path, content: bytes) -> None:
        """Raises UserError where the disk refuses."""
        with writing(path):
            write_whole(path, content)

    def list_excluded(self, excluded: Iterable[Excluded]) -> None:
        lines = ["TRACK_ID\tPATH\tREASON", *("\t".join(vars(each).values()) for each in excluded)]
        self.write(self.folder / "excluded.tsv", ("\n".join(lines) + "\n").encode())

    def keep_only(self, best: Path) -> None:
        """Remove the adapters that `best` has taken over from, and those of a future that is to come again."""
        for other in best.parent.iterdir() if best.parent.is_dir() else ():
            if other != best and other.is_dir():  # no file that a desktop left, as .DS_Store
                shutil.rmtree(other)

    def _refuse_strangers(self) -> None:
        strangers = sorted(path.name for path in self.folder.iterdir() if not path.name.startswith("."))
        if strangers:
            raise UserError(
                f"{self.folder} holds other files, such as {strangers[0]}.", "Choose an empty or new folder."
            )


def _read(path: Path) -> dict[str, Any] | None:
    """None where there is no such file."""
    try:
        known = json.loads(path.read_bytes())
        if not isinstance(known, dict):
            raise ValueError("not an object")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error) from error
    except ValueError as error:
        raise UserError(f"{path} is damaged.", "Choose another folder with --out.", str(error)) from error
    return known
