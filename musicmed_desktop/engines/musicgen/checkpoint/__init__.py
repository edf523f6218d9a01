"""A model's folder, read into one frozen description; nothing is unpickled but tensors."""

from musicmed_desktop.engines.musicgen.checkpoint.description import Checkpoint, Tensors, TextSource
from musicmed_desktop.engines.musicgen.checkpoint.reading import read_checkpoint

__all__ = ["Checkpoint", "Tensors", "TextSource", "read_checkpoint"]
