"""Who plays what: the listener's instruments first, the style's own for what is left."""

from __future__ import annotations

from dataclasses import dataclass, replace

from musicmed_desktop.engines.builtin.instruments import INSTRUMENTS, Instrument
from musicmed_desktop.engines.builtin.styles import Kit, Style


@dataclass(frozen=True)
class Voice:
    """A part in the mix: `pan` -1 left to 1 right, `send` to the reverb 0 to 1."""

    part: str
    instrument: Instrument
    gain_db: float
    pan: float
    send: float


@dataclass(frozen=True)
class Orchestra:
    """`bed` is a soft pad that never stops, so that the music carries over every join."""

    leads: tuple[Voice, ...]
    chords: Voice
    pad: Voice
    bass: Voice
    bed: Voice
    drums: Voice
    kit: Kit


_SEATS: dict[str, Voice] = {
    "lead": Voice("lead", INSTRUMENTS["piano"], 0.0, -0.12, 0.55),
    "second lead": Voice("second lead", INSTRUMENTS["piano"], -1.0, 0.30, 0.65),
    "chords": Voice("chords", INSTRUMENTS["piano"], -5.0, 0.18, 0.45),
    "pad": Voice("pad", INSTRUMENTS["pad"], -8.0, -0.08, 0.8),
    "bass": Voice("bass", INSTRUMENTS["bass"], -2.0, 0.0, 0.10),
    "bed": Voice("bed", INSTRUMENTS["pad"], -15.0, 0.0, 0.9),
    "drums": Voice("drums", INSTRUMENTS["drums"], -1.0, 0.0, 0.18),
}


def orchestrate(style: Style, tags: tuple[str, ...]) -> Orchestra:
    """Seat the instruments named by `tags`, in their order; tags that nothing here can play are left out."""
    asked = [INSTRUMENTS[tag] for tag in tags if tag in INSTRUMENTS]
    seats = _seats_of(asked)
    for instrument in asked:  # one instrument alone plays melody and chords
        if "chords" in instrument.roles:
            seats.setdefault("chords", instrument)
    leads = [seats[seat] for seat in ("lead", "second lead") if seat in seats]
    leads = leads or [INSTRUMENTS[tag] for tag in style.leads]
    kit: Kit = "acoustic" if style.kit in ("none", "soft") and "drums" in seats else style.kit
    return Orchestra(
        leads=tuple(_seated(seat, lead) for seat, lead in zip(("lead", "second lead"), leads, strict=False)),
        chords=_seated("chords", seats.get("chords", INSTRUMENTS[style.chords])),
        pad=_seated("pad", seats.get("pad", INSTRUMENTS[style.pad])),
        bass=_seated("bass", seats.get("bass", INSTRUMENTS[style.bass])),
        bed=_SEATS["bed"],
        drums=_SEATS["drums"],
        kit=kit,
    )


def _seats_of(asked: list[Instrument]) -> dict[str, Instrument]:
    """As many of the asked as have seats: one moves on to another of its roles where a later one needs the seat
    (augmenting paths, Kuhn 1955)."""
    seats: dict[str, Instrument] = {}

    def seat(instrument: Instrument, tried: set[str]) -> bool:
        second = ("second lead",) if "lead" in instrument.roles else ()
        places = sorted((*instrument.roles, *second), key=lambda place: place in seats)  # empty ones first
        for place in places:
            if place in tried:
                continue
            tried.add(place)
            if place not in seats or seat(seats[place], tried):
                seats[place] = instrument
                return True
        return False

    for instrument in asked:
        seat(instrument, set())
    return seats


def _seated(seat: str, instrument: Instrument) -> Voice:
    voice = _SEATS[seat]
    return replace(voice, instrument=instrument, gain_db=voice.gain_db + instrument.gain_db)
