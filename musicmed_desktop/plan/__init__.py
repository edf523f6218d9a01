"""What is asked, and what will be played."""

from musicmed_desktop.plan.planner import Plan, build_plan, plan_to_dict
from musicmed_desktop.plan.prescription import Limits, Palette, Prescription, Shares, Waypoint
from musicmed_desktop.plan.reading import load_prescription, parse_prescription
from musicmed_desktop.plan.step import Phase, Prompt, Step

__all__ = [
    "Limits",
    "Palette",
    "Phase",
    "Plan",
    "Prescription",
    "Prompt",
    "Shares",
    "Step",
    "Waypoint",
    "build_plan",
    "load_prescription",
    "parse_prescription",
    "plan_to_dict",
]
