"""The questions that are asked before the first session, and what follows from a yes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """`care` is what to mind, in plain words, where the answer is yes."""

    name: str
    text: str
    care: str


# Safe listening: at most 80 dB(A) for 40 hours a week (WHO and ITU, Safe listening devices and systems, Geneva 2019,
# ITU-T H.870). Ears that need care get the lower limit of settings.CAREFUL_LIMIT.
HEARING = Question(
    "hearing",
    "Do you wear hearing aids, hear ringing in your ears, or does sound easily become too much for you?",
    "Then let us keep it soft. MusicMed sets a lower limit for the volume, which you can change in the settings. "
    "Stop when the ringing grows, or when a sound is too much.",
)
# Musicogenic epilepsy: seizures that certain music sets off (Handb. Clin. Neurol. 129, 2015, 469-477).
SEIZURES = Question(
    "seizures",
    "Has music, or another sound, ever set off a seizure?",
    "Then please ask your doctor before you listen. Nothing will play here until you say that you have.",
)
# Magnets in headphones disturb implanted heart devices, not from 3 cm on (Lee et al., Heart Rhythm 6, 2009, 1432-1436).
HEART = Question(
    "heart",
    "Do you have a heart condition or a pacemaker, or does music sometimes upset your heart or your breathing?",
    "Then begin with a short, calm session, sitting or lying down, and stop when you feel unwell. If you are not sure, "
    "ask your doctor first. If you have a pacemaker or another device in your chest, never lay headphones on your "
    "chest or hang them around your neck: their magnets must stay away from it.",
)
QUESTIONS = (HEARING, SEIZURES, HEART)

VOLUME_ADVICE = (
    "Choose a volume at which you could still talk with somebody beside you without raising your voice. "
    "Softer is fine too: this music does not need to be loud."
)
