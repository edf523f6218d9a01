"""Where the models are, and which of them the settings use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from musicmed_desktop.engines.models.store import Store
    from musicmed_desktop.settings import Settings


def open_store() -> Store:
    from musicmed_desktop.engines.models.store import Store
    from musicmed_desktop.paths import models_folder

    return Store(models_folder())


def settings() -> Settings:
    """The settings in use; what is wrong with them is the window's to tell."""
    from musicmed_desktop.paths import settings_file
    from musicmed_desktop.settings import load_settings

    return load_settings(settings_file())[0]


def in_use() -> set[Path]:
    """The folders of the model and the adapter that the settings name."""
    chosen = settings()
    return {folder for folder in (chosen.model, chosen.adapter) if folder and chosen.engine != "builtin"}


def folder_named(given: Path) -> Path:
    """A folder that somebody typed; where there is none, that of the installed model or adapter with this name."""
    if os.path.lexists(given):
        return given
    installed = open_store().named(str(given))
    return installed.folder if installed else given
