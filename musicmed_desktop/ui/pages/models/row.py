"""What is under way: how far it is, and the ways to stop it, to go on, and to try again."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from musicmed_desktop.amounts import amount, amount_of
from musicmed_desktop.engines.models.licences import NotAcceptedError
from musicmed_desktop.engines.models.progress import Progress
from musicmed_desktop.errors import UserError
from musicmed_desktop.ui.kit import Card, Flow, announce, ask, body, button, error, heading, muted, show_text, tell
from musicmed_desktop.ui.pages.models.token import TokenQuestion
from musicmed_desktop.ui.pages.models.words import progress_words
from musicmed_desktop.ui.transfers import Transfers

LITTLE = 50_000_000  # bytes that are thrown away without a question
_WHOLE = 1000  # of the bar
_SPOKEN = 4  # times on the way to the end does a screen reader hear of it
_CHECKING = "Checking that every byte is right: "


class TransferRow(Card):
    """Hidden while there is nothing, or a licence is asked about; `appeared` is emitted when there is something new to
    see, `vanishing` before what had the focus is seen no more."""

    appeared = Signal()
    vanishing = Signal()

    def __init__(self, transfers: Transfers) -> None:
        super().__init__()
        self._transfers = transfers
        self._part_spoken = 0
        self.what, self.how_far = heading(""), body()
        self.bar = QProgressBar()
        self.bar.setRange(0, _WHOLE)
        self.bar.setTextVisible(False)
        self.problem, self.advice = error(), muted()
        self.token = TokenQuestion()
        self.pause = button("Pause", transfers.pause)
        self.resume = button("Resume", transfers.resume, look="primary")
        self.again = button("Try again", transfers.resume, look="primary")
        self.details = button("Details", self._tell_details)
        self.cancel = button("Cancel", self._ask)
        buttons = Flow(self.pause, self.resume, self.again, self.cancel, self.details)
        self.add(self.what, self.bar, self.how_far, self.problem, self.advice, self.token, buttons)
        self.token.given.connect(self._try_token)
        transfers.changed.connect(self._follow)
        transfers.progressed.connect(self._show_progress)
        self._follow()

    @property
    def first_button(self) -> QWidget:
        """What the keyboard should reach when something new is to be seen here."""
        offered = (self.token.token, self.pause, self.resume, self.again, self.cancel)
        return next(each for each in offered if each.isVisibleTo(self))

    def _follow(self) -> None:
        """Show what is under way as it is now."""
        transfers, state = self._transfers, self._transfers.state
        if transfers.transfer is None or isinstance(transfers.problem, NotAcceptedError):
            self._vanish()
            return
        keeps = transfers.transfer.discard is not None
        self.what.setText(transfers.transfer.doing)
        self._show_problem(transfers.problem if state == "failed" else None)
        self.bar.setVisible(state != "failed")
        self.pause.setVisible(keeps and state in ("running", "stopping"))
        self.resume.setVisible(state == "paused")
        self.cancel.setText("Discard" if state == "paused" else "Cancel" if keeps or transfers.busy else "Close")
        self._show_amount()
        self.show()
        if state in ("running", "failed", "paused"):
            self._part_spoken = 0
            announce(self, self._summary())
            self.appeared.emit()

    def _vanish(self) -> None:
        focused = self.window().focusWidget()
        if focused and self.isAncestorOf(focused):
            self.vanishing.emit()
        self.hide()

    def _show_problem(self, problem: UserError | None) -> None:
        from musicmed_desktop.engines.models.hub import TokenNeededError

        asks = isinstance(problem, TokenNeededError)
        show_text(self.problem, problem.title if problem else "")
        show_text(self.advice, problem.hint if problem else "")
        self.token.setVisible(asks)
        self.again.setVisible(problem is not None and not asks)
        self.details.setVisible(bool(problem and problem.detail))

    def _show_amount(self) -> None:
        state, progress = self._transfers.state, self._transfers.progress
        if state == "stopping":
            show_text(self.how_far, "Stopping…")
        elif state == "failed":
            show_text(self.how_far, "")
        elif progress is None:
            self.bar.setValue(0)
            show_text(self.how_far, "Starting…")
        else:
            self.bar.setValue(round(_part(progress) * _WHOLE))
            show_text(self.how_far, _here(progress) if state == "paused" else _words(progress))
        self.bar.setAccessibleName(f"{self.what.text()}: {self.how_far.text()}")

    def _show_progress(self, progress: Progress) -> None:
        self._show_amount()
        part = int(_part(progress) * _SPOKEN)
        if part > self._part_spoken and self._transfers.state == "running":
            self._part_spoken = part
            announce(self, self._summary())

    def _summary(self) -> str:
        parts = (self.what, self.problem, self.advice, self.how_far)
        return ". ".join(part.text().rstrip(".…") for part in parts if part.text()) + "."

    def _ask(self) -> None:
        """Stop it; what took a while to fetch is not thrown away by one wrong click."""
        transfers = self._transfers
        done = transfers.progress.done if transfers.progress else 0
        if transfers.transfer is None or transfers.transfer.discard is None or done < LITTLE:
            transfers.cancel()
            return
        asked = transfers.transfer
        ask(
            self,
            "Throw away what was downloaded?",
            f"{amount(done)} are here already. They would have to be downloaded again.",
            yes="Throw away",
            no="Keep",
            answered=lambda yes: transfers.cancel() if yes and transfers.transfer is asked else None,
            look="danger",
        )

    def _try_token(self, token: str) -> None:
        transfer = self._transfers.transfer
        if transfer and transfer.with_token and not self._transfers.busy:
            self._transfers.begin(transfer.with_token(token))

    def _tell_details(self) -> None:
        if self._transfers.problem:
            tell(self, self._transfers.problem)


def _part(progress: Progress) -> float:
    return min(1.0, progress.done / progress.total) if progress.total else 0.0


def _words(progress: Progress) -> str:
    words = progress_words(progress)
    return f"{_CHECKING}{words}" if progress.work == "checking" else words


def _here(progress: Progress) -> str:
    return f"Paused. {amount_of(progress.done, progress.total)} are here already."
