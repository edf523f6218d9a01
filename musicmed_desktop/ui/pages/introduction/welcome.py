"""What this is, and what it is not."""

from __future__ import annotations

from musicmed_desktop.ui.kit import Card, Column, body, heading

_PARAGRAPHS = (
    (
        "What it is",
        "Music medicine for home, on your own or between the meetings with your therapist. You say how you feel and "
        "where you would like to go. The music meets you there, and walks with you step by step.",
    ),
    (
        "What it is not",
        "It does not replace treatment, medicine or a therapist, and it is not made for emergencies.",
    ),
    (
        "You decide",
        "You can stop at any moment. If the music makes you feel worse, press I feel worse: it becomes calm at once.",
    ),
    (
        "It stays with you",
        "What you say and hear is kept on this computer alone. Nothing of it is sent anywhere.",
    ),
)


class Welcome(Column):
    def __init__(self) -> None:
        super().__init__()
        self.add(*(Card(heading(name), body(text)) for name, text in _PARAGRAPHS))
