"""trajectory.svg: the circumplex with the path that was planned and the walk that was measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from musicmed_desktop.affect.moods import nearest
from musicmed_desktop.session import circumplex, svg
from musicmed_desktop.session.circumplex import position
from musicmed_desktop.session.curve import smoothed, spline
from musicmed_desktop.session.labels import Box, place
from musicmed_desktop.session.record import Coordinates, SessionRecord
from musicmed_desktop.session.svg import BACKGROUND, INK, MUTED, Position, circle, element, line, text, time_colour

WIDTH, HEIGHT = 1000.0, 1040.0
FRAME = Box(24, 130, WIDTH - 48, HEIGHT - 230)
PLANNED = "#7d7a86"
FONTS = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"


def trajectory_svg(record: SessionRecord) -> str:
    """The picture of a session. The same record gives the same text; no font or style comes from elsewhere."""
    walk = [position(step.measured.affect) for step in record.steps]
    curve = spline(smoothed(walk))
    paths = [[position(point.affect) for point in path] for path in _paths(record)]
    corners = [corner for path in paths for corner in path]
    ends, taken = _ends(record, corners, [*walk, *curve, *(dot for path in paths for dot in _dense(path))])
    drawing = (
        circumplex.ground(),
        circumplex.rim_words([*walk, *corners], taken, without={_name(_start(record)), _name(_target(record))}),
        _planned(record, paths),
        _walked(walk, curve),
        ends,
    )
    page = element(
        "svg",
        element("title", svg.plain(f"{_title(record)}: {_subtitle(record)}"), id="title"),
        element("desc", svg.plain(_description(record)), id="desc"),
        element("defs", *circumplex.gradients(), svg.time_gradient("time")),
        element("rect", width=WIDTH, height=HEIGHT, rx=28.0, fill=BACKGROUND),
        text(_title(record), (WIDTH / 2, 74), 36, text_anchor="middle", fill=INK, font_weight="600"),
        text(_subtitle(record), (WIDTH / 2, 108), 18, text_anchor="middle", fill=MUTED),
        *drawing,
        _legend(_duration(record)),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        role="img",
        aria_labelledby="title desc",
        font_family=FONTS,
    )
    return page + "\n"


def _paths(record: SessionRecord) -> list[tuple[Coordinates, ...]]:
    """The path that was planned at first, and those that took over from it."""
    return [record.path, *(change.path for change in record.changes if change.path)]


def _start(record: SessionRecord) -> Coordinates:
    return record.path[0]


def _target(record: SessionRecord) -> Coordinates:
    return _paths(record)[-1][-1]


def _name(point: Coordinates) -> str:
    return nearest(point.affect, count=1, kind="feeling")[0].word


def _title(record: SessionRecord) -> str:
    start, target = _name(_start(record)), _name(_target(record))
    return f"From {start} to {target}" if start != target else f"Staying {start}"


def _subtitle(record: SessionRecord) -> str:
    clips = "1 clip" if len(record.steps) == 1 else f"{len(record.steps)} clips"
    stopped = ", stopped early" if record.shortened else ""
    return f"{_duration(record)} in {clips}{stopped}"


def _duration(record: SessionRecord) -> str:
    seconds = record.audio.duration_s
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    return f"{round(seconds / 6) / 10:g} minutes"


def _description(record: SessionRecord) -> str:
    def spoken(point: Coordinates) -> str:
        return f"{_name(point)} (valence {point.valence:.2f}, arousal {point.arousal:.2f})"

    first, last = record.steps[0].measured, record.steps[-1].measured
    return (
        "The circumplex of affect: valence from unpleasant to pleasant, arousal from calm to activated. "
        + "".join(f"Planned from {spoken(path[0])} to {spoken(path[-1])}. " for path in _paths(record))
        + f"Measured from {spoken(first)} to {spoken(last)}."
    )


def _planned(record: SessionRecord, paths: Sequence[Sequence[Position]]) -> str:
    plateaus = Counter(position(step.target.affect) for step in record.steps)
    return element(
        "g",
        *(line(path, stroke=PLANNED, stroke_width=18.0, stroke_opacity=0.16) for path in paths),
        *(line(path, stroke=PLANNED, stroke_width=1.6, stroke_dasharray="2 7") for path in paths),
        *(circle(at, 7 + count**0.5, fill="#ffffff", stroke_width=2.0) for at, count in plateaus.items()),
        stroke=PLANNED,
        stroke_linecap="round",
        stroke_linejoin="round",
    )


def _walked(walk: Sequence[Position], curve: Sequence[Position]) -> str:
    pieces = max(1, len(curve) - 1)
    strokes = (line(curve[n : n + 2], stroke=time_colour(n / pieces)) for n in range(len(curve) - 1))
    last = max(1, len(walk) - 1)
    radius = 5.5 if len(walk) <= 40 else 4.0
    dots = (circle(at, radius, fill=time_colour(n / last)) for n, at in enumerate(walk))
    return element("g", *strokes, stroke_width=4.5, stroke_linecap="round") + element(
        "g", *dots, stroke=BACKGROUND, stroke_width=1.6
    )


def _ends(record: SessionRecord, corners: Sequence[Position], dots: Sequence[Position]) -> tuple[str, list[Box]]:
    """The marked and named ends of the way, and the room that they take."""
    if corners[0] == corners[-1]:
        ends = [(f"start and target: {_name(_start(record))}", corners[0], 0.0)]
    else:
        ends = [
            (f"start: {_name(_start(record))}", corners[0], 0.0),
            (f"target: {_name(_target(record))}", corners[-1], 1.0),
        ]
    taken = circumplex.pole_boxes() + [Box(x - 14, y - 14, 28, 28) for _, (x, y), _ in ends]
    drawn = []
    for words, at, moment in ends:
        box = place(words, at, 19, FRAME, taken, dots)
        taken.append(box)
        colour = time_colour(moment)
        drawn.append(circle(at, 13, fill="none", stroke=colour, stroke_width=3.5))
        halo = text(words, box.baseline, 19, stroke=BACKGROUND, stroke_width=5.0, stroke_linejoin="round")
        drawn += [halo, text(words, box.baseline, 19, fill=colour)]
    return element("g", *drawn, text_anchor="middle", font_weight="700"), taken


def _dense(path: Sequence[Position]) -> list[Position]:
    """Positions every tenth of each straight part."""
    return [
        (a[0] + (b[0] - a[0]) * n / 10, a[1] + (b[1] - a[1]) * n / 10) for a, b in pairwise(path) for n in range(11)
    ]


def _legend(duration: str) -> str:
    y = HEIGHT - 56
    return element(
        "g",
        line([(126, y), (166, y)], stroke=PLANNED, stroke_width=16.0, stroke_opacity=0.16, stroke_linecap="round"),
        circle((146, y), 8, fill="#ffffff", stroke=PLANNED, stroke_width=2.0),
        text("planned", (186, y + 6), 17),
        circle((303, y), 5.5, fill=time_colour(0.5)),
        text("one clip, as measured", (321, y + 6), 17),
        text("start", (593, y + 6), 17, text_anchor="end"),
        element("rect", x=605.0, y=y - 4, width=150.0, height=8.0, rx=4.0, fill="url(#time)"),
        text(duration, (767, y + 6), 17),
        fill=MUTED,
    )
