"""Where the music plays, and how loud it may become."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QLabel

from musicmed_desktop.errors import UserError
from musicmed_desktop.ui.kit import Row, SideBySide, button, show_text, small
from musicmed_desktop.ui.pages.settings.fields import Choice, Field, Section, Steps, help_of
from musicmed_desktop.ui.services import Services

AS_THE_SYSTEM = "As the system chooses"
_NO_DEVICE = "No sound device was found. Plug in headphones or loudspeakers, or switch them on, and look again."
_GONE = "{} (not connected)"
_LEAST, _MOST, _STEP = 20, 100, 5  # of the volume limit, in percent


class SoundSettings(Section):
    """The devices are looked for when the page is first shown, and by the button."""

    def __init__(self, services: Services) -> None:
        super().__init__("Sound")
        self._preferences, self._tasks, self._sound = services.preferences, services.tasks, services.sound
        self._names: tuple[str, ...] | None = None  # None: not looked for yet
        self._problem = ""
        self.device, self.refresh = Choice(), button("Look again", self.look, name="Look again for sound devices")
        self.trouble = small()
        self.limit, self._percent = Steps(_LEAST, _MOST, _STEP), QLabel()
        self.locked = QCheckBox("Lo&ck the limit")
        self._lay_out()
        self.follow()
        self.device.activated.connect(lambda: self._preferences.change(sound_device=self.device.currentData()))
        self.limit.valueChanged.connect(lambda percent: self._preferences.change(volume_limit=percent / 100))
        self.locked.toggled.connect(lambda locked: self._preferences.change(volume_locked=locked))
        self._preferences.changed.connect(self.follow)

    def look(self) -> None:
        """Look for devices in the background."""
        self.refresh.setEnabled(False)
        self._tasks.run(self._sound.devices, self._found, self._failed)

    def follow(self) -> None:
        """Show the settings as they are now."""
        settings = self._preferences.settings
        gone = self._list_devices(settings.sound_device)
        show_text(self.trouble, self._problem or (f"“{settings.sound_device}” is not connected now." if gone else ""))
        percent = round(settings.volume_limit * 100)
        if percent != self.limit.value():  # a limit below the slider's range stays as it is
            with QSignalBlocker(self.limit):
                self.limit.setValue(percent)
        self._percent.setText(f"{percent} %")
        self.locked.setChecked(settings.volume_locked)

    def _lay_out(self) -> None:
        self.locked.setAccessibleDescription(help_of("volume_locked"))
        across = SideBySide(400, (self.device, 1), (self.refresh, 0))
        along = Row(self.limit, self._percent)
        along.setStretch(0, 1)
        device = Field("Sound &device", self.device, "What the music is played on.", across)
        limit = Field("Volume &limit", self.limit, help_of("volume_limit"), along)
        self.add(device, self.trouble, limit, self.locked, small(help_of("volume_locked")))

    def _found(self, names: tuple[str, ...]) -> None:
        self._names, self._problem = names, "" if names else _NO_DEVICE
        self.refresh.setEnabled(True)
        self.follow()

    def _failed(self, error: UserError) -> None:
        self._names, self._problem = (), str(error)
        self.refresh.setEnabled(True)
        self.follow()

    def _list_devices(self, chosen: str | None) -> bool:
        """Whether the chosen one was looked for, and is not there."""
        gone = chosen is not None and self._names is not None and chosen not in self._names
        self.device.clear()
        self.device.addItem(AS_THE_SYSTEM, None)
        for name in self._names or ():
            self.device.addItem(name, name)
        if chosen is not None and self.device.findData(chosen) < 0:
            self.device.addItem(_GONE.format(chosen) if gone else chosen, chosen)
        self.device.setCurrentIndex(0 if chosen is None else self.device.findData(chosen))
        return gone
