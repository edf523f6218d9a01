"""What a therapist may want to know, folded away."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy

from musicmed_desktop.affect import Affect
from musicmed_desktop.ui.circumplex import WalkStep
from musicmed_desktop.ui.kit import Column, button, small


class Details(Column):
    """Closed until its button is pressed; while it is closed, nothing is worked out."""

    def __init__(self) -> None:
        super().__init__()
        self.toggle = button("", look="link")
        self.toggle.setCheckable(True)
        self.toggle.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._text = small()
        self.add(self.toggle, self._text)
        self.toggle.toggled.connect(self._unfold)
        self._unfold(False)

    @property
    def opened(self) -> bool:
        return self.toggle.isChecked()

    @property
    def text(self) -> str:
        return self._text.text()

    def show_step(self, step: WalkStep | None, about: str, underruns: int) -> None:
        """Where `step` was planned and how it came out, what the engine says of itself, and how often the sound broke
        off in this session."""
        if not self.opened:
            return
        text = "\n".join((*_lines(step), about, f"Underruns: {underruns}"))
        if text != self._text.text():
            self._text.setText(text)

    def forget(self) -> None:
        """Say nothing more of a session that is over."""
        self._text.clear()

    def _unfold(self, opened: bool) -> None:
        self.toggle.setText("Hide the details" if opened else "Details")
        self._text.setVisible(opened)


def _lines(step: WalkStep | None) -> tuple[str, ...]:
    if step is None:
        return ()
    measured = _spoken(step.measured) if step.measured else "not yet"
    distance = f", {step.target.distance(step.measured):.2f} apart" if step.measured else ""
    return (
        f"Step {step.index + 1}, {step.phase}",
        f"Target: {_spoken(step.target)}",
        f"Measured: {measured}{distance}",
        f"Prompt: {step.prompt}",
    )


def _spoken(affect: Affect) -> str:
    return f"valence {affect.valence:+.2f}, arousal {affect.arousal:+.2f}"
