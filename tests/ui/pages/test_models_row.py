"""What is under way, as it is shown and spoken."""

from __future__ import annotations

from collections.abc import Iterator
from time import sleep

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from musicmed_desktop.engines.models.licences import NotAcceptedError, find_licence
from musicmed_desktop.engines.models.progress import Cancelled, CancelledError, Progress, Told
from musicmed_desktop.errors import UserError
from musicmed_desktop.ui.kit import Column
from musicmed_desktop.ui.pages.models import row as module
from musicmed_desktop.ui.pages.models.row import LITTLE, TransferRow
from musicmed_desktop.ui.pages.models.words import breakable, progress_words
from musicmed_desktop.ui.transfers import Transfer, Transfers
from tests.fakes.showing import shown

GB = 1_000_000_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def row(qtbot: QtBot, transfers: Transfers) -> Iterator[TransferRow]:
    row = TransferRow(transfers)
    whole = shown(qtbot, Column(row, None), 600, 400)
    assert not row.isVisible()
    yield row
    whole.hide()


class Download:
    """Tells what it is told to tell, until it is stopped."""

    def __init__(self) -> None:
        self.progress = Progress("downloading", 1_210_000_000, 2_363_000_000, 3_100_000.0, 372.0)
        self.discarded = False
        self.problem: UserError | None = None

    def work(self, told: Told, cancelled: Cancelled) -> str:
        while not cancelled():
            told(self.progress)
            if self.problem:
                raise self.problem
            sleep(0.005)
        raise CancelledError

    def discard(self) -> None:
        self.discarded = True

    @property
    def transfer(self) -> Transfer:
        return Transfer("small", "Downloading MusicGen small", self.work, self.discard)


def question(row: TransferRow) -> QMessageBox:
    (box,) = row.findChildren(QMessageBox)
    return box


def answer(row: TransferRow, text: str) -> None:
    next(each for each in question(row).buttons() if each.text() == text).click()


def test_it_tells_how_far_it_is(qtbot: QtBot, transfers: Transfers, row: TransferRow) -> None:
    download = Download()
    transfers.begin(download.transfer)
    assert row.isVisible()
    assert row.how_far.text() == "Starting…"
    qtbot.waitUntil(lambda: row.how_far.text() == "1.2 of 2.4 GB, 3.1 MB/s, about 6 minutes left")
    assert row.bar.value() == 512
    assert row.bar.accessibleName() == f"Downloading MusicGen small: {row.how_far.text()}"
    download.progress = Progress("checking", GB, 2 * GB)
    qtbot.waitUntil(lambda: row.how_far.text() == "Checking that every byte is right: 1.0 of 2.0 GB")
    QTest.mouseClick(row.pause, LEFT)
    assert row.how_far.text() == "Stopping…"
    assert row.pause.isEnabled()  # else the keyboard would be sent elsewhere for a moment
    qtbot.waitUntil(row.resume.isVisible)
    assert row.how_far.text() == "Paused. 1.0 of 2.0 GB are here already."


def test_much_is_thrown_away_only_after_a_question(qtbot: QtBot, transfers: Transfers, row: TransferRow) -> None:
    download = Download()
    transfers.offer(download.transfer, Progress("downloading", 1_210_000_000, 2_363_000_000))
    assert row.cancel.text() == "Discard"
    QTest.mouseClick(row.cancel, LEFT)
    assert question(row).informativeText().startswith("1.2 GB are here already.")
    answer(row, "Keep")
    assert transfers.state == "paused"
    QTest.mouseClick(row.cancel, LEFT)
    qtbot.waitUntil(lambda: len(row.findChildren(QMessageBox)) == 1)
    answer(row, "Throw away")
    qtbot.waitUntil(lambda: not row.isVisible())
    assert download.discarded


def test_little_is_thrown_away_at_once(qtbot: QtBot, transfers: Transfers, row: TransferRow) -> None:
    download = Download()
    transfers.offer(download.transfer, Progress("downloading", LITTLE - 1, GB))
    QTest.mouseClick(row.cancel, LEFT)
    qtbot.waitUntil(lambda: not row.isVisible())
    assert download.discarded


def test_a_late_answer_does_not_cancel_what_came_after(qtbot: QtBot, transfers: Transfers, row: TransferRow) -> None:
    transfers.offer(Download().transfer, Progress("downloading", GB, 2 * GB))
    QTest.mouseClick(row.cancel, LEFT)
    other = Download()
    transfers.offer(other.transfer, Progress("downloading", GB, 2 * GB))
    answer(row, "Throw away")
    assert transfers.state == "paused"
    assert not other.discarded


def test_trouble_unfolds(qtbot: QtBot, transfers: Transfers, row: TransferRow) -> None:
    download = Download()
    download.problem = UserError("The line was cut.", "Try again.", "errno 104")
    transfers.begin(download.transfer)
    qtbot.waitUntil(row.problem.isVisible)
    assert (row.problem.text(), row.advice.text()) == ("The line was cut.", "Try again.")
    assert not row.bar.isVisible()
    QTest.mouseClick(row.details, LEFT)
    assert question(row).detailedText() == "errno 104"
    question(row).close()
    assert row.first_button is row.again


def test_what_cannot_be_paused_can_only_be_cancelled(qtbot: QtBot, transfers: Transfers, row: TransferRow) -> None:
    transfers.begin(Transfer("small", "Checking MusicGen small", Download().work))
    offered = [each.text() for each in row.findChildren(QPushButton) if each.isVisible()]
    assert offered == ["Cancel"]
    QTest.mouseClick(row.cancel, LEFT)
    qtbot.waitUntil(lambda: not row.isVisible())


def test_a_screen_reader_hears_each_quarter(
    qtbot: QtBot, transfers: Transfers, row: TransferRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = list[str]()
    monkeypatch.setattr(module, "announce", lambda _, words: heard.append(words))
    download = Download()
    download.progress = Progress("downloading", 0, 100)
    transfers.begin(download.transfer)
    for done in (10, 26, 30, 49, 51, 74, 80, 99):
        download.progress = Progress("downloading", done, 100)
        qtbot.waitUntil(lambda done=done: row.bar.value() == done * 10)  # type: ignore[misc]
    assert [words.rpartition(". ")[2].partition(" ")[0] for words in heard] == ["Starting.", "26", "51", "80"]


def test_a_question_about_a_licence_is_no_trouble(qtbot: QtBot, transfers: Transfers, row: TransferRow) -> None:
    download = Download()
    download.problem = NotAcceptedError(find_licence("CC-BY-NC-4.0"))
    transfers.begin(download.transfer)
    assert row.isVisible()
    qtbot.waitUntil(lambda: transfers.state == "failed")
    assert not row.isVisible()
    download.problem = None
    transfers.resume()
    assert row.isVisible()


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progress("downloading", 0, 2_400_000_000), "0 bytes of 2.4 GB"),
        (
            Progress("downloading", 850_000_000, 2_400_000_000, 90_000.0, 17_000.0),
            "850 MB of 2.4 GB, 90 kB/s, about 5 hours left",
        ),
        (Progress("checking", 1_000_000, 2_000_000, 5_000_000.0, 0.2), "1.0 of 2.0 MB, 5.0 MB/s, about 1 second left"),
        (Progress("copying", 5_000_000, 5_000_000, 5_000_000.0, 0.0), "5.0 of 5.0 MB, 5.0 MB/s"),
        (Progress("downloading", 1, 2 * 10**9, 2_000.0, 10**6), "1 bytes of 2.0 GB, 2 kB/s, about 12 days left"),
    ],
)
def test_progress_is_told_as_people_say_it(progress: Progress, words: str) -> None:
    assert progress_words(progress) == words


def test_a_long_path_may_be_broken() -> None:
    path = "/media/stick/some_very_long_folder_name/musicgen-small"
    assert breakable(path).replace("\u200b", "") == path
    assert max(len(part) for part in breakable(path).split("\u200b")) <= 16
    assert breakable("Music model, 2.4 GB.") == "Music model, 2.4 GB."
