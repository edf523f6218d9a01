"""Whether the page "My sessions" stays quick with thousands of sessions, and while many files are brought in.

    python -m tests.benchmarks.sessions_page                       # 10,000 sessions, 1,000 files: about a minute
    python -m tests.benchmarks.sessions_page --sessions 2000 --files 100
    QT_QPA_PLATFORM=xcb python -m tests.benchmarks.sessions_page   # on a real display

Prints a row for each thing that is done: median, 95th percentile and maximum of the milliseconds until it is painted,
over `times`. A stall is how long the window did not answer.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter, sleep

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtWidgets import QWidget

from musicmed_desktop.library import Library
from musicmed_desktop.library.exchange import write_parcel
from musicmed_desktop.ui.application import make_application
from musicmed_desktop.ui.makers import LazyMakers, choice_in
from musicmed_desktop.ui.pages.sessions import SessionsPage
from musicmed_desktop.ui.preferences import Preferences
from musicmed_desktop.ui.selftest.stalls import StallWatch
from musicmed_desktop.ui.services import Services
from musicmed_desktop.ui.sound import SilentSound
from musicmed_desktop.ui.tasks import Tasks
from musicmed_desktop.ui.theme import appearance
from musicmed_desktop.ui.transfers import Transfers
from tests.fakes.parcels import short_parcel
from tests.fakes.sessions import many_sessions

SCROLL_STEPS, NOTCH = 300, 120  # pixels of a turn of the wheel
WORDS = ("note number 99", "anxious", "zebra", "calm 2026-07", "numb", "number 9876", "sunday")
TIMEOUT_S = 600.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=10_000)
    parser.add_argument("--files", type=int, default=1_000)
    asked = parser.parse_args()
    application = make_application()
    appearance().apply("light", 100)
    print(f"{application.platformName()}, {asked.sessions} sessions, {asked.files} files")
    print(f"{'':44}{'median':>8}{'95 %':>8}{'max':>8}{'times':>7}")
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder), asked.sessions) as (page, services):
        _time_opening(page)
        _time_scrolling(page)
        _time_filtering(page)
        _time_weeks(page)
        _time_bringing(page, services.library, Path(folder) / "files", asked.files)


@contextmanager
def opened(folder: Path, sessions: int) -> Iterator[tuple[SessionsPage, Services]]:
    """The page of a library with so many sessions; it is not shown yet."""
    library = many_sessions(folder / "library", sessions)
    with library.collection.index.database.transaction() as connection:
        feelings = "after_valence = (rowid * 37 % 200 - 100) / 100.0, after_arousal = (rowid * 53 % 200 - 100) / 100.0"
        connection.execute(f"UPDATE sessions SET {feelings} WHERE rowid % 5")
    preferences = Preferences(folder / "settings.json")
    makers = LazyMakers(lambda: choice_in(preferences.settings))
    with closing(Tasks()) as tasks, closing(makers), closing(Transfers()) as transfers:
        services = Services(preferences, library, tasks, SilentSound(), makers, transfers)
        page = SessionsPage(services)
        page.resize(1100, 780)
        yield page, services
        page.close()


def _time_opening(page: SessionsPage) -> None:
    with stalls("open the page: stall"):
        began = perf_counter()
        page.show()
        wait(page.list.view.isVisible)
        paint(page)
        row("open the page: until the list is painted", [since(began)])
    for name in ("open it again, nothing new: stall",):
        page.hide()
        with stalls(name):
            page.show()
            rest(1.0)


def _time_scrolling(page: SessionsPage) -> None:
    bar, viewport = page.list.view.verticalScrollBar(), page.list.view.viewport()

    def scroll(to: int) -> None:
        bar.setValue(to)
        viewport.repaint()

    row("scroll by a notch of the wheel", [timed(lambda to=n: scroll(to * NOTCH)) for n in range(SCROLL_STEPS)])  # type: ignore[misc]
    far = np.linspace(0, bar.maximum(), 40).astype(int)
    row("drag the scroll bar from end to end", [timed(lambda to=int(to): scroll(to)) for to in far])  # type: ignore[misc]
    model = page.list.view.model()
    places = [model.index(int(n), 0) for n in np.linspace(0, model.rowCount() - 1, 40)]
    row("choose another session", [timed(lambda at=at: choose(page, at)) for at in places])  # type: ignore[misc]


def choose(page: SessionsPage, at: object) -> None:
    page.list.view.setCurrentIndex(at)  # type: ignore[arg-type]
    paint(page)


def _time_filtering(page: SessionsPage) -> None:
    def look(words: str) -> None:
        page.filters.search.blockSignals(True)  # the rest that typing gets is not counted
        page.filters.search.setText(words)
        page.filters.search.blockSignals(False)
        page.filters.changed.emit()
        paint(page)

    typed = [word[:length] for word in WORDS for length in range(1, len(word) + 1)]
    row("filter after each letter", [timed(lambda text=text: look(text)) for text in typed])  # type: ignore[misc]
    row("show all again", [timed(lambda: look("zebra")) and timed(lambda: look("")) for _ in range(5)])

    def span(number: int) -> None:
        page.filters.span.setCurrentIndex(number)
        paint(page)

    row("choose a span of time", [timed(lambda n=n: span(n)) for n in (1, 2, 3, 0, 2, 0)])  # type: ignore[misc]


def _time_weeks(page: SessionsPage) -> None:
    wait(lambda: page.weeks.plots is not None)

    def switch(number: int) -> None:
        page.ways.button(number).click()
        paint(page)

    both = [(timed(lambda: switch(0)), timed(lambda: switch(1))) for _ in range(9)]
    row("over the weeks: until it is painted", [there for _, there in both])
    row("back to the list", [back for back, _ in both])
    plots = page.weeks.plots
    assert plots is not None
    plot = plots.plots[0]
    row("over the weeks: painted anew", [timed(plot.viewport().repaint) for _ in range(9)])
    row("over the weeks: point at a session", [timed(lambda: _point(page, n)) for n in range(9)])  # noqa: B023
    switch(0)


def _point(page: SessionsPage, number: int) -> None:
    plots = page.weeks.plots
    assert plots is not None
    plots.plots[0]._number_at(QPointF(200 + number, 80))
    page.weeks._choose(number)
    paint(page)


def _time_bringing(page: SessionsPage, library: Library, folder: Path, files: int) -> None:
    folder.mkdir()
    parcel = short_parcel()
    paths = [folder / f"{number}.musicmed" for number in range(files)]
    for number, path in enumerate(paths):
        write_parcel(replace(parcel, entry=parcel.entry.changed(id=f"f{number:031x}")), path)
    paths[files // 2].write_bytes(b"PK no session")
    before, began = len(library.entries()), perf_counter()
    with stalls(f"bring in {files} files: stall"):
        page.bringing.begin(paths)
        wait(page.arriving.outcome.isVisible)
        rest(0.5)
    row(f"bring in {files} files: each", [since(began) / files])
    print(f"{len(library.entries()) - before} came: {page.arriving.outcome.text()}")


# --- how it is measured


@contextmanager
def stalls(name: str) -> Iterator[None]:
    watch = StallWatch()
    watch.start()
    yield
    rest(0.1)
    watch.stop()
    row(name, [watch.longest_ms])


def row(name: str, milliseconds: list[float]) -> None:
    middle, high, most = np.percentile(milliseconds, [50, 95, 100])
    print(f"{name:44}{middle:8.1f}{high:8.1f}{most:8.1f}{len(milliseconds):7}", flush=True)


def timed(act: Callable[[], object]) -> float:
    began = perf_counter()
    act()
    return since(began)


def since(began: float) -> float:
    return (perf_counter() - began) * 1000


def paint(page: QWidget) -> None:
    """Let everything be laid out and painted that waits for it."""
    QCoreApplication.processEvents()
    page.repaint()
    QCoreApplication.processEvents()


def rest(seconds: float) -> None:
    until = perf_counter() + seconds
    wait(lambda: perf_counter() > until)


def wait(condition: Callable[[], bool]) -> None:
    until = perf_counter() + TIMEOUT_S
    while not condition():
        QCoreApplication.processEvents()
        sleep(0.001)
        if perf_counter() > until:
            raise TimeoutError


if __name__ == "__main__":
    main()
