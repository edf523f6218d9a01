"""Engines turn a step of the plan into sound."""

from musicmed_desktop.engines.choice import ENGINES, Choice, check_adapter, check_model
from musicmed_desktop.engines.opening import musicgen_lacks, open_engine

__all__ = ["ENGINES", "Choice", "check_adapter", "check_model", "musicgen_lacks", "open_engine"]
