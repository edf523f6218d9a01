"""Sessions and prescriptions as files, on their way between patient and therapist."""

from musicmed_desktop.library.exchange.envelope import PassphraseNeededError
from musicmed_desktop.library.exchange.parcel import SUFFIX, Parcel
from musicmed_desktop.library.exchange.plans import PLAN_SUFFIX, PlanFile, read_plan, write_plan
from musicmed_desktop.library.exchange.reading import read_parcel
from musicmed_desktop.library.exchange.writing import write_parcel

__all__ = [
    "PLAN_SUFFIX",
    "SUFFIX",
    "Parcel",
    "PassphraseNeededError",
    "PlanFile",
    "read_parcel",
    "read_plan",
    "write_parcel",
    "write_plan",
]
