"""A model or an adapter that is on this computer, and what can be done with it."""

from __future__ import annotations

import re

from PySide6.QtCore import Signal

from musicmed_desktop.amounts import amount
from musicmed_desktop.settings import Settings
from musicmed_desktop.ui.kit import Card, Flow, Row, body, button, error, heading, muted, show_text
from musicmed_desktop.ui.pages.models.stock import Kept
from musicmed_desktop.ui.pages.models.words import KINDS, breakable
from musicmed_desktop.ui.pages.settings.strength import Strength


class KeptCard(Card):
    """Its buttons are pressed; `strengthened` carries how much of an adapter is to be used, 0 to 1."""

    used = Signal()
    unused = Signal()
    check = Signal()
    copy = Signal()
    remove = Signal()
    strengthened = Signal(float)

    def __init__(self, kept: Kept) -> None:
        super().__init__()
        self.kept = kept
        name = kept.title
        self.in_use = muted("Chosen")
        self.lacks, self.result = error(), body()
        self.use = button("Use", self.used.emit, name=f"Use {name}")
        self.stop_using = button("Stop using", self.unused.emit, name=f"Stop using {name}")
        self.examine = button("Check", self.check.emit, name=f"Check {name}")
        self.export = button("Copy to a stick…", self.copy.emit, name=f"Copy {name} to a stick")
        self.take_away = button("Remove", self.remove.emit, look="quiet", name=f"Remove {name}")
        self.strength = Strength()
        # What the keyboard reaches, in this order.
        self.stops = (self.strength.slider, self.use, self.stop_using, self.examine, self.export, self.take_away)
        top = Row(heading(name), self.in_use)
        top.setStretch(0, 1)
        buttons = Flow(self.use, self.stop_using, self.examine, self.export, self.take_away)
        self.add(top, muted(_about(kept)), self.lacks, self.strength, self.result, buttons)
        self.setAccessibleName(name)
        show_text(self.lacks, f"Needs {kept.lacks}, which is not on this computer." if kept.lacks else "")
        show_text(self.result, "")
        self.strength.slider.valueChanged.connect(lambda percent: self.strengthened.emit(percent / 100))

    def show_use(self, in_use: bool, settings: Settings) -> None:
        """Whether it is in use, and how strongly."""
        adapter, playable = self.kept.installed.kind == "adapter", self.kept.installed.kind != "evaluation"
        self.in_use.setVisible(in_use)
        self.use.setVisible(playable and not in_use)
        self.use.setEnabled(not self.kept.lacks)
        self.stop_using.setVisible(adapter and in_use)
        self.strength.setVisible(adapter and in_use)
        self.strength.show_strength(settings.strength_of(self.kept.installed.folder))

    def show_busy(self, busy: bool) -> None:
        """While something is under way, nothing else can begin."""
        for each in (self.examine, self.export, self.take_away):
            each.setEnabled(not busy)


def _about(kept: Kept) -> str:
    """ "Music model, 2.4 GB. Licence: CC-BY-NC-4.0. From facebook/musicgen-small."."""
    sentences = [f"{KINDS[kept.installed.kind]}, {amount(kept.size)}"]
    manifest = kept.installed.manifest
    if manifest and manifest.licence:
        sentences.append(f"Licence: {manifest.licence}")
    if manifest and manifest.source:
        sentences.append(breakable(_origin(manifest.source)))
    return ". ".join(sentence.rstrip(".") for sentence in sentences) + "."


def _origin(source: str) -> str:
    """Without the long names of versions, which say nothing to anybody."""
    short = re.sub(r"@[0-9a-f]{40}", "", source)
    return short[0].upper() + short[1:] if short.startswith("imported") else f"From {short}"
