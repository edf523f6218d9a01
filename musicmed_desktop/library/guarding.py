"""A recording to which something happened keeps nothing more: a session never has a hole."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from musicmed_desktop.errors import UserError

P = ParamSpec("P")


class Fallible(Protocol):
    failure: UserError | None


R = TypeVar("R", bound=Fallible)


def guarded(method: Callable[Concatenate[R, P], None]) -> Callable[Concatenate[R, P], None]:
    """A method that raises its object's first UserError again, instead of doing anything more."""

    @wraps(method)
    def attempt(self: R, /, *arguments: P.args, **named: P.kwargs) -> None:
        if self.failure is not None:
            raise self.failure
        try:
            method(self, *arguments, **named)
        except UserError as error:
            self.failure = error
            raise

    return attempt
