"""A short session with the adapter as it is, to be listened to while the training goes on."""

from __future__ import annotations

from pathlib import Path

from musicmed_desktop.engines.base import Cancelled
from musicmed_desktop.engines.musicgen.engine import MusicGenEngine
from musicmed_desktop.plan import build_plan, parse_prescription
from musicmed_desktop.recognition import create_recognizer
from musicmed_desktop.session.events import SessionFailed
from musicmed_desktop.session.folder import SessionFolder
from musicmed_desktop.session.runner import SessionRunner

_START, _TARGET = "anxious", "calm"


def sample(model: Path, adapter: Path, to: Path, seconds: float, seed: int, cancelled: Cancelled) -> None:
    """Write a session from anxious to calm into the folder `to`; what was there is replaced.

    It ends early when `cancelled()` turns true. Raises UserError where it cannot be made, as when memory is short.
    """
    plan = build_plan(parse_prescription({"start": _START, "target": _TARGET, "minutes": seconds / 60.0}), seed)
    engine = MusicGenEngine(model, adapter=adapter)
    try:
        with SessionFolder(to, force=True) as recording:
            *_, last = SessionRunner(plan, engine, create_recognizer(), recording, cancelled=cancelled).run()
    finally:
        engine.unload()
    if isinstance(last, SessionFailed):
        raise last.error
