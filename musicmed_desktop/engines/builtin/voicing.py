"""Voice leading: each chord is placed as near as possible to the one before it."""

from __future__ import annotations

from musicmed_desktop.engines.builtin.modes import Chord

Voicing = tuple[int, ...]  # MIDI notes, rising


def lead_voices(chord: Chord, previous: Voicing, low: int, high: int) -> Voicing:
    """The close voicing of three or four notes between `low` and `high` that moves least from `previous`.

    Without a previous chord it lies in the middle of the range.
    """
    options = _voicings(chord, low, high)
    if not previous:
        middle = (low + high) / 2
        return min(options, key=lambda voicing: abs(sum(voicing) / len(voicing) - middle))
    return min(options, key=lambda voicing: (_movement(previous, voicing), voicing))


def _voicings(chord: Chord, low: int, high: int) -> list[Voicing]:
    notes = chord.pitch_classes[:4]
    options = []
    for turn in range(len(notes)):
        order = notes[turn:] + notes[:turn]
        for base in range(low + (order[0] - low) % 12, high + 1, 12):
            voicing = [base]
            for pitch_class in order[1:]:
                voicing.append(voicing[-1] + ((pitch_class - voicing[-1] - 1) % 12) + 1)
            options.append(tuple(voicing))
    inside = [voicing for voicing in options if voicing[-1] <= high]
    return inside or [min(options, key=lambda voicing: voicing[-1])]


def _movement(previous: Voicing, voicing: Voicing) -> float:
    """Semitones that the voices move, each note of one chord to its nearest in the other."""
    there = sum(min(abs(note - other) for other in previous) for note in voicing) / len(voicing)
    back = sum(min(abs(note - other) for other in voicing) for note in previous) / len(previous)
    return there + back
