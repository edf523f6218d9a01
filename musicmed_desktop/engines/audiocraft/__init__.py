"""MusicGen as AudioCraft itself runs it (Copet et al. 2023, arXiv 2306.05284), behind the same protocol.

Nothing here is imported before the engine is opened: torch takes seconds to load.
"""

from musicmed_desktop.engines.audiocraft.engine import AudioCraftEngine

__all__ = ["AudioCraftEngine"]
