"""For people who help: what the program finds when it looks at the computer."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit

from musicmed_desktop.doctor import Finding, examine
from musicmed_desktop.ui.kit import Flow, body, button
from musicmed_desktop.ui.pages.settings.fields import Section
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.theme import appearance

_MARKS = {"ok": "ok     ", "note": "note   ", "missing": "missing"}


class HelperSettings(Section):
    """Nothing is looked at before the button is pressed; nothing found tells of a mood."""

    def __init__(self, services: Services) -> None:
        super().__init__("For helpers")
        self._tasks = services.tasks
        self.examine = button("Look at this computer", self._look)
        self.copy = button("Copy", self._copy, name="Copy the findings")
        self.findings = QPlainTextEdit()
        self.findings.setReadOnly(True)
        self.findings.setTabChangesFocus(True)
        self.findings.setAccessibleName("Findings")
        for part in (self.copy, self.findings):
            part.hide()
        text = body("If something does not work, this list helps whoever helps you. It says nothing of how you feel.")
        self.add(text, Flow(self.examine, self.copy), self.findings)
        self._measure()
        appearance().changed.connect(self._measure)

    def _look(self) -> None:
        self.examine.setEnabled(False)
        self.examine.setText("Looking…")
        self._tasks.run(lambda: report(examine()), self._show)

    def _show(self, text: str) -> None:
        self.examine.setText("Look again")
        self.examine.setEnabled(True)
        self.findings.setPlainText(text)
        self.findings.show()
        self.copy.show()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.findings.toPlainText())
        self.copy.setText("Copied")

    def _measure(self) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(9.5 * appearance().scale)
        self.findings.setFont(font)
        self.findings.setMinimumHeight(appearance().px(220))


def report(findings: Iterable[Finding]) -> str:
    """One line for each finding, and one for what can be done about it."""
    lines = []
    for finding in findings:
        lines.append(f"{_MARKS[finding.status]}  {finding.name}: {finding.text}")
        if finding.hint:
            lines.append(f"         {finding.hint}")
    return "\n".join(lines)
