"""Engines turn a step of the plan into sound."""
