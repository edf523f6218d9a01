"""Whether the music can be heard, and how loud."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QCheckBox

from musicmed_desktop.audio.player import Player
from musicmed_desktop.errors import UserError
from musicmed_desktop.ui.kit import Card, Column, Flow, body, button, error, muted, show_text
from musicmed_desktop.ui.pages.introduction.advice import VOLUME_ADVICE
from musicmed_desktop.ui.pages.introduction.chords import SAMPLE_RATE, gentle_chords
from musicmed_desktop.ui.playing import VolumeSlider, volume_row
from musicmed_desktop.ui.services import Services

_LOOK_MS = 200
_FADE_S = 0.2
_WELL = "Good. Then everything is ready."
_NOTHING = (
    "Please look whether the loudspeakers or headphones are switched on and plugged in, and whether the sound of the "
    "computer itself is turned up. Then play it once more. Another device can be chosen in the settings."
)
_WITHOUT = "You can go on all the same, and look into the sound later in the settings."
_ASK_FIRST = "You said that sound has set off a seizure. Please ask your doctor before you listen."


class SoundCheck(Column):
    """Plays gentle chords at the listener's volume; stops when it is out of sight."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._player: Player | None = None
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._follow)
        self.agreed = QCheckBox("My doctor says it is fine.")
        self.agreed.toggled.connect(self._show)
        self._ask_first = Card(body(_ASK_FIRST), self.agreed)
        self._ask_first.hide()
        self.play = button("Play a gentle sound", self._toggle, look="primary")
        self.volume = VolumeSlider(services.preferences)
        self.well = button("I hear it well", lambda: show_text(self.said, _WELL))
        self.nothing = button("I hear nothing", lambda: show_text(self.said, _NOTHING))
        self.said, self.problem = body(), error()
        for empty in (self.said, self.problem):
            empty.hide()
        self._lay_out()
        services.preferences.changed.connect(self._show)
        self._show()

    @property
    def may_play(self) -> bool:
        """Not before a doctor was asked, where that is needed."""
        return self._ask_first.isHidden() or self.agreed.isChecked()

    @property
    def playing(self) -> bool:
        """Whether it is heard now."""
        return self._player is not None and self._player.state == "playing"

    def begin(self, ask_first: bool) -> None:
        """Start afresh; `ask_first` for those who should see a doctor before they listen."""
        self._ask_first.setVisible(ask_first)
        self.agreed.setChecked(False)
        show_text(self.said, "")
        show_text(self.problem, "")
        self._show()

    def stop(self) -> None:
        """Fall silent."""
        self._look.stop()
        if self._player is not None:
            self._player.stop(_FADE_S)  # at once: what is closed may have to wait for other work
            self._services.tasks.run(self._player.close)
            self._player = None
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.stop()

    def _lay_out(self) -> None:
        self.add(
            body("Sit comfortably. Begin softly, and turn it up until it is pleasant."),
            self._ask_first,
            Card(
                Flow(self.play),
                volume_row(self.volume),
                muted(VOLUME_ADVICE),
                Flow(self.well, self.nothing),
                self.said,
                self.problem,
            ),
        )

    def _toggle(self) -> None:
        if self._player is not None:
            self.stop()
            return
        show_text(self.problem, "")
        player = self._player = Player(self._services.sound.open, SAMPLE_RATE, 2)
        self._services.tasks.run(lambda: _start(player), failed=lambda problem: self._failed(player, problem))
        self._look.start()
        self._show()

    def _failed(self, player: Player, problem: UserError) -> None:
        if player is self._player:
            self.stop()
            show_text(self.problem, f"{problem} {_WITHOUT}")

    def _follow(self) -> None:
        player = self._player
        if player is None or player.state in ("waiting", "playing"):
            return
        if player.state == "lost" and player.problem is not None:
            self._failed(player, player.problem)
        else:
            self.stop()

    @property
    def _gain(self) -> float:
        return self._services.preferences.settings.gain

    def _show(self) -> None:
        if self._player is not None:
            self._player.volume = self._gain
        self.play.setText("Stop" if self._player else "Play a gentle sound")
        self.play.setEnabled(self.may_play)


def _start(player: Player) -> None:
    """Play the chords; UserError where nothing can play."""
    player.play(gentle_chords(), 0.0)
    player.finish()
    player.start()
