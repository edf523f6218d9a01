"""The self-test: a person's way through the real window, with real events, and a watch on what it costs."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from musicmed_desktop.library import Library
from musicmed_desktop.paths import data_folder, is_home_named
from musicmed_desktop.ui.application import make_application, opened
from musicmed_desktop.ui.options import Options
from musicmed_desktop.ui.preferences import Preferences
from musicmed_desktop.ui.selftest.driver import Driver
from musicmed_desktop.ui.selftest.report import Report, heavy_modules, process_age_s
from musicmed_desktop.ui.selftest.stalls import StallWatch
from musicmed_desktop.ui.selftest.visit import visit
from musicmed_desktop.ui.theme import appearance

SPEED = 20.0
STYLE = "ambient"  # soft and floating: at this speed a dense style would not be composed in time on two cores
PATIENCE_S = 60.0  # for one step, beyond the time that the music takes


def run_self_test(options: Options) -> int:
    """Drive the window through a whole session and print the report; 0 only if all of it happened.

    The session goes to the library that is named (--library, MUSICMED_HOME), else to one that is thrown away.
    The listener's own settings are neither read nor changed.
    """
    with ExitStack() as leaving:
        scratch = Path(leaving.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        folder = options.library or (data_folder() if is_home_named() else scratch / "library")
        report = _drive(replace(options, audio="silent", speed=SPEED), folder, scratch)
    print(report.to_json() if options.json else report.to_text())
    return 0 if report.ok else 1


def _drive(options: Options, folder: Path, scratch: Path) -> Report:
    application = make_application()
    report, stalls = Report(), StallWatch()
    preferences = Preferences(scratch / "settings.json")
    preferences.change(engine="builtin", minutes=options.minutes, genre=STYLE)
    appearance().apply(preferences.settings.theme, preferences.settings.text_size)
    with opened(options, preferences, Library(folder)) as (window, controller):
        application.processEvents()  # which paints the window
        report.time_to_window_s = round(process_age_s(), 3)
        report.heavy_modules = heavy_modules()
        report.screens.append(window.places.here)
        window.places.changed.connect(report.screens.append)
        driver = Driver(visit(window.places, controller, report, stalls), PATIENCE_S + options.minutes * 60 / SPEED)
        driver.finished.connect(lambda problem: setattr(report, "problem", problem))
        driver.finished.connect(application.quit)
        driver.start()
        application.exec()
        window.hide()
    report.longest_stall_ms = round(stalls.longest_ms, 1)
    report.ok = not report.problem and not report.heavy_modules
    return report
