"""The chosen session: what the listener said of it, and what can be done with it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QPushButton

from musicmed_desktop.library import Entry
from musicmed_desktop.library.wording import change_words
from musicmed_desktop.ui.kit import Card, Look, body, button, heading, muted, show_text, small
from musicmed_desktop.ui.pages.sessions.actions import SessionActions
from musicmed_desktop.ui.pages.sessions.picture import SessionPicture
from musicmed_desktop.ui.pages.sessions.words import facts, feeling, worse
from musicmed_desktop.ui.theme import appearance


class SessionDetails(Card):
    """A card beside the list."""

    margins = (18, 16)
    gap = 8

    def __init__(self, actions: SessionActions) -> None:
        super().__init__()
        self.title, self._facts = heading(""), muted()
        self._picture = SessionPicture()
        self._felt = QGridLayout()
        self._feelings = {name: body() for name in ("Before", "Wished", "Afterwards", "Change")}
        for number, (name, label) in enumerate(self._feelings.items()):
            self._felt.addWidget(muted(name), number, 0)
            self._felt.addWidget(label, number, 1)
        self._felt.setColumnStretch(1, 1)
        self.note, self._worse = body(), small()
        self.add(self.title, self._facts, _buttons(actions), self._picture, self._felt, self.note, self._worse, None)
        self._measure()
        appearance().changed.connect(self._measure)

    def sizeHint(self) -> QSize:
        return QSize(appearance().px(300), super().sizeHint().height())

    def show_entry(self, entry: Entry) -> None:
        self.title.setText(entry.title)
        self._facts.setText(", ".join(facts(entry, datetime.now().astimezone())))
        self._picture.show_entry(entry)
        said = (feeling(entry.before), feeling(entry.wished), feeling(entry.after), change_words(entry.change))
        for label, words in zip(self._feelings.values(), said, strict=True):
            label.setText(words)
        show_text(self.note, entry.note.strip())
        show_text(self._worse, worse(entry))

    def _measure(self) -> None:
        px = appearance().px
        self._felt.setHorizontalSpacing(px(14))
        self.setMinimumWidth(px(250))


def _buttons(actions: SessionActions) -> QGridLayout:
    grid = QGridLayout()
    grid.addWidget(_button(actions.replay, "primary"), 0, 0, 1, 2)
    for number, action in enumerate((actions.rename, actions.favourite, actions.export, actions.delete)):
        grid.addWidget(_button(action), 1 + number // 2, number % 2)
    grid.addWidget(_button(actions.send), 3, 0, 1, 2)
    return grid


def _button(action: QAction, look: Look = "") -> QPushButton:
    """A button that does what the action does, and looks as it does."""
    made = button(action.text(), action.trigger, look)
    made.setCheckable(action.isCheckable())

    def follow() -> None:
        made.setEnabled(action.isEnabled())
        made.setChecked(action.isChecked())

    action.changed.connect(follow)
    keys = [key.toString(key.SequenceFormat.NativeText) for key in action.shortcuts()[:1]]
    made.setToolTip(f"{action.text()} ({keys[0]})")
    return made
