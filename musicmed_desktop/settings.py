"""The listener's settings, each declared once with its type, its default and a sentence."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError

from musicmed_desktop.disk import unreadable, unwritable, write_whole
from musicmed_desktop.errors import UserError
from musicmed_desktop.paths import from_written, written

CAREFUL_LIMIT = 0.6  # of the volume, for ears that need care
LONGEST_WINDOW_S = 30.0  # for which music models are trained

Theme = Literal["system", "light", "dark", "contrast"]
TextSize = Literal[100, 125, 150, 175]


def _from_the_root(folder: Path) -> Path:
    if not folder.is_absolute():
        raise ValueError("it depends on where the program was started")
    return folder


def _here(value: object) -> object:
    """Where a portable program is now; whatever is no folder is refused later."""
    return from_written(value) if isinstance(value, str) else value


Folder = Annotated[
    Path,
    BeforeValidator(_here),
    AfterValidator(_from_the_root),
    PlainSerializer(written, return_type=str, when_used="json"),
]
Strength = Annotated[float, Field(ge=0, le=1)]


def _stride_within(window: tuple[float, float]) -> tuple[float, float]:
    seconds, stride = window
    if not 1 <= stride <= seconds <= LONGEST_WINDOW_S:
        raise ValueError(f"not from 1 to {LONGEST_WINDOW_S:g}, the larger one first")
    return window


class Settings(BaseModel):
    """What the app remembers from one start to the next. Nothing here tells a mood.

    What a newer version wrote and this one does not know is carried along. `changed` gives other settings.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    sound_device: str | None = Field(
        default=None, max_length=500, description="Name of the device that plays; null is the system's own choice."
    )
    volume: float = Field(
        default=0.5, ge=0, le=1, description="Place of the volume slider, 0 to 1, in even steps for the ear."
    )
    volume_limit: float = Field(default=0.8, ge=0, le=1, description="The furthest that the volume slider goes.")
    volume_locked: bool = Field(default=False, description="The volume limit is changed in the settings alone.")
    hearing_care: bool = Field(
        default=False, description="The listener's ears need care: the volume limit starts lower."
    )
    text_size: TextSize = Field(default=100, description="Size of all text in percent.")
    theme: Theme = Field(default="system", description="Colours: as the system has them, light, dark, or contrast.")
    library_folder: Folder | None = Field(
        default=None, description="Folder of the sessions; null is the usual folder for such data."
    )
    engine: str = Field(
        default="auto",
        min_length=1,
        max_length=100,
        description="What composes the music; auto is a music model where one is installed and this computer can "
        "keep up, else the built-in composer.",
    )
    model: Folder | None = Field(
        default=None, description="Folder of the music model; null leaves the choice to the app."
    )
    adapter: Folder | None = Field(
        default=None,
        description="Folder of an adapter, which was trained to give the model another style; null is none.",
    )
    adapter_strengths: dict[str, Strength] = Field(
        default={}, max_length=1000, description="How much of each adapter is used, by its folder; 1 where none is set."
    )
    model_window: Annotated[tuple[float, float], AfterValidator(_stride_within)] | None = Field(
        default=None,
        description="Seconds of music that the model sees, and by how many it moves on; null suits the computer.",
    )
    offline: bool = Field(default=False, description="Never use the network, not even to download a music model.")
    instruments: tuple[str, ...] = Field(
        default=(), max_length=12, description="Instruments of the last session; none leaves the choice to the app."
    )
    genre: str = Field(default="", max_length=100, description="Style of the last session; empty is any style.")
    minutes: float = Field(default=15.0, ge=1, le=60, description="Length of the last session.")
    first_run_done: str | None = Field(
        default=None, max_length=50, description="Version of the introduction that was read; null is none."
    )
    window: str = Field(
        default="", max_length=10_000, description="Place and size of the window, as the toolkit packs it, in base64."
    )

    def changed(self, **values: Any) -> Settings:
        """These settings with other `values`; ValidationError where one is not allowed."""
        return Settings.model_validate(dict(self) | values)

    @property
    def gain(self) -> float:
        """The amplitude factor for the set volume, within its limit: a square law, -12 dB in the middle."""
        return float(min(self.volume, self.volume_limit) ** 2)

    def strength_of(self, adapter: Path | None) -> float:
        """How much of an adapter is used, 0 to 1."""
        return self.adapter_strengths.get(written(adapter), 1.0) if adapter else 1.0

    def with_strength(self, adapter: Path, strength: float) -> Settings:
        """With another strength for one adapter."""
        return self.changed(adapter_strengths=self.adapter_strengths | {written(adapter): strength})

    def with_hearing_care(self) -> Settings:
        """For ears that need care: the volume limit goes down to `CAREFUL_LIMIT`, unless it is lower already."""
        return self.changed(hearing_care=True, volume_limit=min(self.volume_limit, CAREFUL_LIMIT))


def load_settings(path: Path) -> tuple[Settings, UserError | None]:
    """The settings in the file, and what to tell the listener about it; without a file, the defaults.

    Values that are not understood fall back to their defaults. The file as it was is then kept beside as
    `NAME.broken`, and `path` gets what was understood. Never raises for what a file holds.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Settings(), None
    except OSError as error:
        return Settings(), unreadable(path, error)
    settings, refused = _understood(raw)
    return settings, _set_aside(path, raw, settings, refused) if refused else None


def save_settings(settings: Settings, path: Path) -> None:
    """Write what differs from the defaults; the file is the old one or the new one at any moment.

    Makes the folder. Raises UserError where the disk refuses.
    """
    document = settings.model_dump(mode="json", exclude_defaults=True)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(document, indent=2).encode() + b"\n")
    except OSError as error:
        raise unwritable(path, error) from error


def _understood(raw: bytes) -> tuple[Settings, list[str]]:
    """The settings, and the names of those that were not understood; "" stands for the whole file."""
    try:
        document = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return Settings(), [""]
    if not isinstance(document, dict):
        return Settings(), [""]
    try:
        return Settings.model_validate(document), []
    except ValidationError as error:
        refused = sorted({str(details["loc"][0]) for details in error.errors()})
    return Settings.model_validate({name: value for name, value in document.items() if name not in refused}), refused


def _set_aside(path: Path, raw: bytes, settings: Settings, refused: list[str]) -> UserError:
    """Keep the broken file, so that a helper can look at it, and mend the one in use."""
    broken = path.with_name(path.name + ".broken")
    with suppress(OSError, UserError):  # on a disk that cannot be written the listener still gets to the music
        write_whole(broken, raw)
        save_settings(settings, path)
    which = ", ".join(name.replace("_", " ") for name in refused if name)
    return UserError(
        "Some of your settings could not be read and are as they were at first."
        if which
        else "Your settings could not be read and are as they were at first.",
        "Please look through the settings, above all at the volume limit.",
        f"The file as it was is kept as {broken}. {f'Not understood: {which}.' if which else ''}".strip(),
    )
