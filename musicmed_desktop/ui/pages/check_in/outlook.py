"""What is to come, as the page shows it before the start."""

from __future__ import annotations

from dataclasses import dataclass

from musicmed_desktop.affect import Affect
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan import build_plan
from musicmed_desktop.ui.pages.check_in.sentences import caution, plan_caution, plan_promise, promise
from musicmed_desktop.ui.session import CheckIn


@dataclass(frozen=True)
class Outlook:
    """The planned path, what will happen, a word of caution, and the `problem` where it cannot be played."""

    path: tuple[Affect, ...]
    sentence: str
    caution: str = ""
    problem: UserError | None = None

    @classmethod
    def of(cls, check_in: CheckIn, goal: str) -> Outlook:
        """`goal` completes the sentence "walk to ..."."""
        before, wished = check_in.before, check_in.wished
        try:
            path = build_plan(check_in.prescription(), seed=0).path
        except UserError as problem:
            return cls((), "This cannot be played as it is.", problem=problem)
        if check_in.plan is not None:
            return cls(path, plan_promise(check_in.plan), plan_caution(before, check_in.plan.start))
        return cls(path, promise(before, wished, goal, check_in.minutes), caution(before, wished))
