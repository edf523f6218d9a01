"""Where to find help in a crisis, by country."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton

from musicmed_desktop.ui.kit import Card, Column, Flow, Page, body, button, heading, muted, small, title
from musicmed_desktop.ui.pages.introduction.help_lines import Directory, help_lines

_FIRST = (
    "If you are in danger now, or might hurt yourself, please call the emergency number, or go to somebody near you."
)
_LISTEN = "These people listen, at any hour. You need no special reason to call."
_CHANGE = (
    "Numbers can change. The lists below are kept up to date, for almost every country; they open in your browser."
)
_ELSEWHERE = "Another country"


class HelpByCountry(Column):
    """Begins with the country that the system is set to."""

    def __init__(self) -> None:
        super().__init__()
        known = help_lines()
        self.country = QComboBox()
        self.country.addItems([*(each.country for each in known.countries), _ELSEWHERE])
        self.country.setAccessibleName("Your country")
        question = body("Your country")
        question.setBuddy(self.country)
        self._emergency, self._lines = _selectable(heading("")), _selectable(heading(""))
        self._listen = body(_LISTEN)
        addresses = [_link(directory) for directory in known.elsewhere.directories]
        self.add(
            body(_FIRST),
            Flow(question, self.country),
            Card(muted("In an emergency"), self._emergency, self._listen, self._lines),
            small(_CHANGE),
            Flow(*addresses),
        )
        self.country.currentIndexChanged.connect(self._show)
        self.country.setCurrentIndex(_own_country())
        self._show(self.country.currentIndex())

    @property
    def numbers(self) -> str:
        """What is shown for the country."""
        return f"{self._emergency.text()}\n{self._lines.text()}".strip()

    def _show(self, number: int) -> None:
        known = help_lines()
        listed = number < len(known.countries)
        self._emergency.setText(known.countries[number].emergency if listed else known.elsewhere.emergency)
        lines = known.countries[number].lines if listed else ()
        self._lines.setText("\n".join(f"{line.number}   {line.name} ({line.how})" for line in lines))
        self._lines.setVisible(listed)
        self._listen.setVisible(listed)


class CrisisHelp(Page):
    """The same as a page of its own."""

    def __init__(self) -> None:
        self.by_country = HelpByCountry()
        super().__init__(title("Help in a crisis"), self.by_country, None, width=720)


def _own_country() -> int:
    """The place in the list of the country that the system is set to."""
    code = QLocale.territoryToCode(QLocale.system().territory())
    codes = [each.code for each in help_lines().countries]
    return codes.index(code) if code in codes else len(codes)


def _selectable(label: QLabel) -> QLabel:
    """A number may be copied, by mouse or by keyboard."""
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return label


def _link(directory: Directory) -> QPushButton:
    address = directory.address
    return button(
        address.removeprefix("https://").removeprefix("www."),
        lambda: QDesktopServices.openUrl(QUrl(address)),
        look="link",
        name=f"{directory.name}, opens in your browser",
    )
