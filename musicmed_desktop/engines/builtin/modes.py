"""Keys, modes and chords.

The modes are ordered by brightness: each raises one note of the one before it, so that a piece can brighten or darken
over one tonic by a single accidental at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

MODES: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("phrygian", (0, 1, 3, 5, 7, 8, 10)),
    ("aeolian", (0, 2, 3, 5, 7, 8, 10)),
    ("dorian", (0, 2, 3, 5, 7, 9, 10)),
    ("mixolydian", (0, 2, 4, 5, 7, 9, 10)),
    ("ionian", (0, 2, 4, 5, 7, 9, 11)),
    ("lydian", (0, 2, 4, 6, 7, 9, 11)),
)


@dataclass(frozen=True)
class Key:
    """`tonic`: pitch class 0 (C) to 11; `mode`: 0 Phrygian to 5 Lydian."""

    tonic: int
    mode: int

    @property
    def scale(self) -> tuple[int, ...]:
        """The seven pitch classes, from the tonic."""
        return tuple((self.tonic + step) % 12 for step in MODES[self.mode][1])

    def pitches(self, low: int, high: int) -> list[int]:
        """The key's MIDI notes from `low` to `high`, both included."""
        scale = set(self.scale)
        return [pitch for pitch in range(low, high + 1) if pitch % 12 in scale]


@dataclass(frozen=True)
class Chord:
    """`pitch_classes`: root, third, fifth and colours, in stacked thirds; `degree` 0 to 6 in its key."""

    degree: int
    pitch_classes: tuple[int, ...]

    @property
    def root(self) -> int:
        return self.pitch_classes[0]

    @property
    def brightness(self) -> int:
        """+1 for a major, -1 for a minor, -2 for a diminished triad."""
        third, fifth = ((self.pitch_classes[i] - self.root) % 12 for i in (1, 2))
        return -2 if fifth == 6 else (1 if third == 4 else -1)

    def common_tones(self, other: Chord) -> int:
        return len(set(self.pitch_classes) & set(other.pitch_classes))


def chord_on(key: Key, degree: int, notes: int = 3) -> Chord:
    """The chord of `notes` stacked thirds (3 triad, 4 seventh, 5 ninth) on a degree of the key."""
    scale = key.scale
    return Chord(degree, tuple(scale[(degree + 2 * i) % 7] for i in range(notes)))


def major_dominant(key: Key, notes: int = 3) -> Chord:
    """V with the leading note, as minor keys borrow it for their cadences and modulations for their arrival."""
    root = (key.tonic + 7) % 12
    return Chord(4, tuple((root + step) % 12 for step in (0, 4, 7, 10)[: max(3, min(4, notes))]))


def with_ninth(chord: Chord) -> Chord:
    """The triad with its added major second (add9), a colour without a leading note's pull."""
    return replace(chord, pitch_classes=(*chord.pitch_classes[:3], (chord.root + 2) % 12))
