"""Puts the measurements together: who was measured where, how near the floor, how many times faster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from musicmed_desktop.edition import Extra, how_to_get
from musicmed_desktop.engines.musicgen.bench.order import Order, Row, ask
from musicmed_desktop.errors import UserError

PEERS = ("transformers", "audiocraft")
_EXTRAS: dict[str, Extra] = {"torch": "musicgen", "transformers": "musicgen", "audiocraft": "audiocraft"}


@dataclass(frozen=True)
class Floor:
    """What a step has to read, how fast this machine reads, and how long that takes."""

    bytes_per_step: float
    bytes_per_s: float
    floor_ms_per_step: float


@dataclass(frozen=True)
class Report:
    """The first row is this project's; the others are its peers'."""

    machine: str
    model: str
    rows: tuple[Row, ...]
    floor: Floor

    @property
    def ratios(self) -> dict[str, float]:
        """How many times faster than each peer this project is, from tokens to sound."""
        ours, *peers = self.rows
        return {peer.engine: peer.s_per_audio_s / ours.s_per_audio_s for peer in peers}

    @property
    def times_floor(self) -> float:
        return self.rows[0].ms_per_step / self.floor.floor_ms_per_step

    def document(self) -> dict[str, Any]:
        """As `musicmed bench --json` prints it."""
        return {
            "machine": self.machine,
            "model": self.model,
            "rows": [{key: value for key, value in asdict(row).items() if value is not None} for row in self.rows],
            "floor_ms_per_step": self.floor.floor_ms_per_step,
            "ratios": self.ratios,
        }

    def sentences(self) -> tuple[str, ...]:
        """For people: about the floor, and about the peers where there are some."""
        floor = (
            f"No program can be faster than {self.floor.floor_ms_per_step:.1f} ms per step here, since a step reads "
            f"{self.floor.bytes_per_step / 1e6:.0f} MB and this machine reads {self.floor.bytes_per_s / 1e9:.0f} GB "
            f"per second; MusicMed takes {self.times_floor:.1f} times as long."
        )
        faster = " and ".join(f"{ratio:.1f} times as fast as {peer}" for peer, ratio in self.ratios.items())
        return (floor, f"From tokens to sound, MusicMed is {faster}.") if faster else (floor,)


def measure(seconds: float, model: Path | None, peers: Sequence[str], tell: Callable[[str], None]) -> Report:
    """Measure this project's engine, then each of `peers` on the same device, one after another.

    `tell` hears what is being done. Raises UserError where the model cannot be used or memory does not suffice.
    """
    require("torch")
    order = Order(seconds, str(model or ""))
    tell(f"Measuring musicmed, {seconds:g} s of music ...")
    ours = ask("ours", order)
    tell(ours["reason"])
    row = Row(**ours["row"])
    there = Order(seconds, order.model, row.device, row.dtype)
    tell("Measuring how fast memory is read ...")
    floor = Floor(**ask("floor", there))
    rows = [row]
    for peer in peers:
        tell(f"Measuring {peer} ...")
        rows.append(Row(**ask(f"with_{peer}", there)["row"]))
    return Report(ours["machine"], ours["model"], tuple(rows), floor)


def installed(package: str) -> bool:
    return find_spec(package) is not None


def require(package: str) -> None:
    """Raises UserError where the package is not installed."""
    if not installed(package):
        raise UserError(f"The package {package} is not installed.", how_to_get(_EXTRAS[package]))
