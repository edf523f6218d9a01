"""What somebody would like to hear: one line, which unfolds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from musicmed_desktop.ui.kit import Button, Card, Column, Flow, Row, body, button, muted
from musicmed_desktop.ui.pages.check_in.hearing import (
    INSTRUMENTS,
    MINUTES,
    STYLES,
    Hearing,
    instrument_label,
    minutes_label,
    style_label,
)

T = TypeVar("T")
_MOST = 12  # instruments


class HearingPicker(Column):
    """Starts with `hearing`; `changed` tells that `hearing` is another."""

    changed = Signal()
    unfolded = Signal()

    def __init__(self, hearing: Hearing) -> None:
        super().__init__()
        self.hearing = hearing
        self._summary = body()
        self._change = button("Change", self._unfold, look="link", name="Change what you would like to hear")
        self._panel = self._build_panel()
        self._panel.hide()
        line = Row(self._summary, self._change)
        line.setStretch(0, 1)
        self.add(line, self._panel)
        self._show()

    def _build_panel(self) -> Card:
        offered = self.hearing
        self._minutes = _chips(sorted({*MINUTES, offered.minutes}), minutes_label, self._take_minutes)
        self._genres = _chips(dict.fromkeys((*STYLES, offered.genre)), style_label, self._take_genre)
        self._instruments = _chips(
            dict.fromkeys(("", *INSTRUMENTS, *offered.instruments)),
            lambda tag: instrument_label(tag) if tag else "Any instruments",
            self._take_instrument,
        )
        sections = (
            ("How long?", self._minutes),
            ("What style?", self._genres),
            ("Which instruments? You can choose several.", self._instruments),
        )
        parts: list[QWidget | Flow] = []
        for question, chips in sections:
            parts += [muted(question), Flow(*chips.values())]
            for chip in chips.values():
                chip.setAccessibleDescription(question)
        return Card(*parts)

    def _unfold(self) -> None:
        folded = self._panel.isHidden()
        self._panel.setVisible(folded)
        self._change.setText("Close" if folded else "Change")
        if folded:
            self.unfolded.emit()

    def _take_minutes(self, minutes: float) -> None:
        self._set(replace(self.hearing, minutes=minutes))

    def _take_genre(self, genre: str) -> None:
        self._set(replace(self.hearing, genre=genre))

    def _take_instrument(self, tag: str) -> None:
        """ "" clears the choice; an instrument is added, or taken away again."""
        others = tuple(each for each in self.hearing.instruments if each != tag)
        chosen = others if tag in self.hearing.instruments else (*others, tag)
        self._set(replace(self.hearing, instruments=chosen[:_MOST] if tag else ()))

    def _set(self, hearing: Hearing) -> None:
        self.hearing = hearing
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self._summary.setText(self.hearing.summary())
        for minutes, chip in self._minutes.items():
            chip.setChecked(minutes == self.hearing.minutes)
        for genre, chip in self._genres.items():
            chip.setChecked(genre == self.hearing.genre)
        for tag, chip in self._instruments.items():
            chip.setChecked(tag in (self.hearing.instruments or ("",)))


def _chips(values: Iterable[T], label: Callable[[T], str], taken: Callable[[T], object]) -> dict[T, Button]:
    """One button that can be pressed for each value; which of them stay pressed is the caller's to say."""
    chips = {}
    for value in values:
        chip = button(label(value), partial(taken, value))
        chip.setCheckable(True)
        chips[value] = chip
    return chips
