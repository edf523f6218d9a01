"""Models for trying out a bundle: `python -m tests.fakes.bundled FOLDER` writes musicgen and audiocraft into FOLDER."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.fakes.audiocraft import save_audiocraft
from tests.fakes.models import save_model

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    save_model(folder / "musicgen")
    save_audiocraft(folder / "audiocraft")
