"""LoRA adapters (Hu et al. 2021, arXiv 2106.09685) in the folders that peft writes.

An adapter is never put into a model and taken out again: `merged` and `adapted` give the weights anew, from those of
the model as it was published. Without an adapter, the model's own weights are used; with another one, they are merged
with that.
"""

from musicmed_desktop.engines.musicgen.adapters.description import Adapter, LowRank, Whole
from musicmed_desktop.engines.musicgen.adapters.merging import adapted, merged
from musicmed_desktop.engines.musicgen.adapters.reading import read_adapter

__all__ = ["Adapter", "LowRank", "Whole", "adapted", "merged", "read_adapter"]
