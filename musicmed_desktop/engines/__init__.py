"""Engines turn a step of the plan into sound."""

from musicmed_desktop.engines.choice import ENGINES, Choice, check_adapter, check_model
from musicmed_desktop.engines.opening import open_engine

__all__ = ["ENGINES", "Choice", "check_adapter", "check_model", "open_engine"]
