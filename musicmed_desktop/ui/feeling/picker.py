"""The circumplex and the words beside it: two ways to say the same."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal

from musicmed_desktop.affect import Affect, Mood
from musicmed_desktop.affect.spelling import listed
from musicmed_desktop.ui.circumplex import AffectPad, words_near
from musicmed_desktop.ui.feeling.word_list import WordList
from musicmed_desktop.ui.kit import Column, SideBySide, muted
from musicmed_desktop.ui.theme import appearance

_PAD = 280  # pixels at 100 %: the pad's least width and height
_BESIDE = 440  # from this width on the words stand beside the pad
_ASK = "Touch the picture, or choose a word."


class FeelingPicker(Column):
    """`moved` carries an Affect while it is being looked for, `chosen` the one that was settled on."""

    moved = Signal(object)  # Affect
    chosen = Signal(object)  # Affect

    def __init__(self, name: str) -> None:
        super().__init__()
        self.pad = AffectPad(name)
        self.words = WordList(name)
        self._named = muted(_ASK)
        self._named.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.add(SideBySide(_BESIDE, (self.pad, 2), (self.words, 1)), self._named)
        self.column.setStretch(0, 1)
        self.pad.installEventFilter(self)
        self.pad.moved.connect(self._follow)
        self.pad.chosen.connect(self._settle)
        self.words.picked.connect(self._take)
        self._measure()
        appearance().changed.connect(self._measure)

    @property
    def affect(self) -> Affect | None:
        """What is shown; None while nothing is chosen."""
        return self.pad.affect

    def set_affect(self, affect: Affect | None) -> None:
        """Show a point, or that nothing is chosen yet; no signal tells of it."""
        self.pad.set_affect(affect)
        self._name(affect)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The pad is round: no higher than it is wide."""
        if event.type() == QEvent.Type.Resize:
            self.pad.setMaximumHeight(max(self.pad.width(), self.pad.minimumHeight()))
        return super().eventFilter(watched, event)

    def _follow(self, affect: Affect) -> None:
        self._name(affect)
        self.moved.emit(affect)

    def _settle(self, affect: Affect) -> None:
        self._name(affect)
        self.chosen.emit(affect)

    def _take(self, mood: Mood) -> None:
        self.set_affect(mood.affect)
        self.chosen.emit(mood.affect)

    def _name(self, affect: Affect | None) -> None:
        words = words_near(affect, 3) if affect else ()
        self.words.show_word(words[0] if words else None)
        self._named.setText(f"Words near this place: {listed(words)}." if words else _ASK)

    def _measure(self) -> None:
        self.pad.setMinimumSize(appearance().px(_PAD), appearance().px(_PAD))
