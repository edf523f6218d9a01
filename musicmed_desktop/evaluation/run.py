"""An evaluation from its request to its report: all clips made and heard, then compared."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.disk import occupied
from musicmed_desktop.engines.base import Cancelled, CancelledError
from musicmed_desktop.evaluation.events import (
    ClipHeard,
    ConditionBegun,
    Event,
    ReferenceHeard,
    Scored,
    Stopped,
    WalkHeard,
)
from musicmed_desktop.evaluation.fingerprint import fingerprint
from musicmed_desktop.evaluation.folders import Reading, middle
from musicmed_desktop.evaluation.keeping import Shelf
from musicmed_desktop.evaluation.listening.ears import Ears
from musicmed_desktop.evaluation.making import Composing, Source
from musicmed_desktop.evaluation.names import file_names
from musicmed_desktop.evaluation.report import write_report
from musicmed_desktop.evaluation.request import REFERENCE, Request, hold
from musicmed_desktop.evaluation.scores import METRICS, compare, score
from musicmed_desktop.evaluation.setting import setting
from musicmed_desktop.evaluation.values import Condition, Embedding, Evaluation, Heard, Item, Results, Walk
from musicmed_desktop.evaluation.walking import Journey
from musicmed_desktop.recognition import create_recognizer

if TYPE_CHECKING:
    from musicmed_desktop.evaluation.listening.clap import Clap

SEED = 0  # of the bootstrap

Points = NDArray[np.float32]
_Asked = TypeVar("_Asked")
_Found = TypeVar("_Found")


def evaluate(request: Request, folder: Path, cancelled: Cancelled = lambda: False) -> Generator[Event, None, None]:
    """Hear all that is asked for, compare it, and write the report into `folder`; tells of it as it comes.

    Each clip is kept there as soon as it was heard, so that the same request goes on after whatever ended it. Raises
    UserError where the folder belongs to another request, where an engine cannot be used, or the disk refuses.
    """
    lines = setting(request)
    with occupied(folder, "evaluation"):
        hold(folder, lines)
        try:
            yield from _Run(request, folder, cancelled).events(lines)
        except CancelledError:
            yield Stopped()


class _Run:
    """One evaluation, once."""

    def __init__(self, request: Request, folder: Path, cancelled: Cancelled) -> None:
        self._request = request
        self._folder = folder
        self._cancelled = cancelled
        self._recognizer = create_recognizer()
        self._clap = _clap(request.clap) if request.clap else None
        self._ears = Ears(self._recognizer, self._clap)

    def events(self, lines: Mapping[str, str]) -> Generator[Event, None, None]:
        results, reference = list[Results](), None
        for condition in self._request.conditions:
            results.append((yield from self._condition(condition)))
        if self._clap and self._request.reference:
            reference = yield from self._real_music(self._clap, self._request.reference)
        evaluation = concluded({**lines, **self._request.notes}, results, reference)
        yield Scored(evaluation, write_report(evaluation, self._folder))

    def _condition(self, condition: Condition) -> Generator[Event, None, Results]:
        shelf = Shelf(self._folder / condition.name, sounds=self._request.keep_audio)
        walks = {journey: shelf.walk(journey) for journey in self._request.journeys}
        with closing(_source(condition, self._request)) as source:
            clips = {item: shelf.clip(item, source.mark(item)) for item in self._request.items}
            yield ConditionBegun(condition.name, len(_there(clips)), len(_there(walks)))
            for item, done in _missing(clips):
                clips[item] = self._heard(item, shelf, source)
                yield ClipHeard(condition.name, done, len(clips))
            if isinstance(source, Composing):
                for journey, done in _missing(walks):
                    walks[journey] = self._walked(journey, shelf, source)
                    yield WalkHeard(condition.name, done, len(walks))
        return Results(condition, _there(clips), _there(walks))

    def _heard(self, item: Item, shelf: Shelf, source: Source) -> Heard:
        samples, rate = source.sound(item, self._cancelled)
        heard = self._ears.hear(item, samples, rate)
        shelf.keep_clip(heard, source.mark(item), samples, rate)
        return heard

    def _walked(self, journey: Journey, shelf: Shelf, source: Composing) -> Walk:
        walk, samples, rate = source.walk(journey, self._recognizer, self._cancelled)
        shelf.keep_walk(journey, walk, samples, rate)
        return walk

    def _real_music(self, clap: Clap, files: Sequence[Path]) -> Generator[ReferenceHeard, None, Points]:
        """What CLAP hears in the reference, [files, d]."""
        shelf, found = Shelf(self._folder / REFERENCE), list[Embedding]()
        for name, file in zip(file_names(file.stem for file in files), files, strict=True):
            if self._cancelled():
                raise CancelledError
            mark = fingerprint(file)
            embedding = shelf.reference(name, mark)
            if embedding is None:
                embedding = clap.sound(*middle(file, self._request.seconds))
                shelf.keep_reference(name, mark, embedding)
            found.append(embedding)
            yield ReferenceHeard(len(found), len(files))
        return np.array(found)


def _source(condition: Condition, request: Request) -> Source:
    if condition.choice is None:
        return Reading(request.files, request.seconds)
    return Composing(condition.choice, request.seconds)


def _missing(found: Mapping[_Asked, _Found | None]) -> list[tuple[_Asked, int]]:
    """What is not there yet, each with the number that it makes complete."""
    missing = [asked for asked, heard in found.items() if heard is None]
    return [(asked, number) for number, asked in enumerate(missing, start=len(found) - len(missing) + 1)]


def _there(found: Mapping[_Asked, _Found | None]) -> tuple[_Found, ...]:
    return tuple(heard for heard in found.values() if heard is not None)


def _clap(folder: Path) -> Clap:
    """On a graphics processor where one works; but Apple's lacks some of what it computes."""
    from musicmed_desktop.engines.musicgen.placement import placements
    from musicmed_desktop.evaluation.listening.clap import Clap

    return Clap(folder, "cuda" if placements()[0].device == "cuda" else "cpu")


def concluded(lines: Mapping[str, str], results: Sequence[Results], reference: Points | None) -> Evaluation:
    """The scores of all conditions, and what each adapter changed. `reference` is what CLAP hears in real music."""
    named = {each.condition.name: each for each in results}
    pairs = [(named[each.condition.tuned_from], each) for each in results if each.condition.tuned_from]
    return Evaluation(
        setting=lines,
        metrics=METRICS,
        rows=tuple(score(each, reference, SEED) for each in results),
        comparisons=tuple(compare(base, tuned, reference, SEED) for base, tuned in pairs),
        results=tuple(results),
    )
