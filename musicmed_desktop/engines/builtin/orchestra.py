"""Who plays what: the listener's instruments first, the style's own for what is left."""

from __future__ import annotations

from dataclasses import dataclass, replace

from musicmed_desktop.engines.builtin.instruments import INSTRUMENTS, Instrument, Role
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
    seats: dict[Role, Instrument] = {}
    leads: list[Instrument] = []
    for instrument in asked:
        role = next((role for role in instrument.roles if role not in seats), None)
        if role is None and "lead" in instrument.roles and len(leads) < 2:
            leads.append(instrument)
        elif role is not None:
            seats[role] = instrument
            leads += [instrument] if role == "lead" else []
    for instrument in asked:  # one instrument alone plays melody and chords
        if "chords" in instrument.roles:
            seats.setdefault("chords", instrument)
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


def _seated(seat: str, instrument: Instrument) -> Voice:
    voice = _SEATS[seat]
    return replace(voice, instrument=instrument, gain_db=voice.gain_db + instrument.gain_db)
