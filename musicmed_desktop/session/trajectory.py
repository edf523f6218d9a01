"""trajectory.svg: the circumplex with the path that was planned and the walk that was measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from musicmed_desktop.affect.moods import nearest
from musicmed_desktop.session import circumplex, svg
from musicmed_desktop.session.circumplex import position
from musicmed_desktop.session.curve import smoothed, spline
from musicmed_desktop.session.labels import Box, place
from musicmed_desktop.session.record import Point, SessionRecord
from musicmed_desktop.session.svg import BACKGROUND, INK, MUTED, Position, circle, element, line, text, time_colour

WIDTH, HEIGHT = 960.0, 1080.0
FRAME = Box(24, 130, WIDTH - 48, HEIGHT - 250)
PLANNED = "#7d7a86"
FONTS = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"


def trajectory_svg(record: SessionRecord) -> str:
    """The picture of a session. The same record gives the same text; no font or style comes from elsewhere."""
    walk = [position(step.measured.affect) for step in record.steps]
    curve = spline(smoothed(walk))
    path = [position(point.affect) for point in record.path]
    labels: list[Box] = []
    drawing = [
        _planned(record, path),
        _walked(walk, curve),
        _label(f"start: {_name(record.path[0])}", path[0], 0.0, labels, [*walk, *curve, *_dense(path)]),
        _label(f"target: {_name(record.path[-1])}", path[-1], 1.0, labels, [*walk, *curve, *_dense(path)]),
    ]
    drawing.insert(0, circumplex.rim_words([*walk, *path], labels))
    return _page(record, [circumplex.ground(), *drawing])


def _page(record: SessionRecord, drawing: Sequence[str]) -> str:
    title = f"From {_name(record.path[0])} to {_name(record.path[-1])}"
    page = element(
        "svg",
        element("title", svg.plain(f"{title}: {_subtitle(record)}"), id="title"),
        element("desc", svg.plain(_description(record)), id="desc"),
        element("defs", *circumplex.gradients(), svg.time_gradient("time")),
        element("rect", width=WIDTH, height=HEIGHT, rx=28.0, fill=BACKGROUND),
        text(title, (WIDTH / 2, 74), 36, text_anchor="middle", fill=INK, font_weight="600"),
        text(_subtitle(record), (WIDTH / 2, 108), 18, text_anchor="middle", fill=MUTED),
        *drawing,
        _legend(record.audio.duration_s / 60),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        role="img",
        aria_labelledby="title desc",
        font_family=FONTS,
    )
    return page + "\n"


def _name(point: Point) -> str:
    return nearest(point.affect, count=1, kind="feeling")[0].word


def _subtitle(record: SessionRecord) -> str:
    clips = "1 clip" if len(record.steps) == 1 else f"{len(record.steps)} clips"
    stopped = ", stopped early" if record.shortened else ""
    return f"{record.audio.duration_s / 60:.3g} minutes in {clips}{stopped}"


def _description(record: SessionRecord) -> str:
    def spoken(point: Point) -> str:
        return f"{_name(point)} (valence {point.valence:.2f}, arousal {point.arousal:.2f})"

    first, last = record.steps[0].measured, record.steps[-1].measured
    return (
        f"The circumplex of affect: valence from unpleasant to pleasant, arousal from calm to activated. "
        f"Planned from {spoken(record.path[0])} to {spoken(record.path[-1])}. "
        f"Measured from {spoken(first)} to {spoken(last)}."
    )


def _planned(record: SessionRecord, path: Sequence[Position]) -> str:
    plateaus = Counter(position(step.target.affect) for step in record.steps)
    return element(
        "g",
        line(path, stroke=PLANNED, stroke_width=18.0, stroke_opacity=0.16),
        line(path, stroke=PLANNED, stroke_width=1.6, stroke_dasharray="2 7"),
        *(circle(at, 7 + count**0.5, fill="#ffffff", stroke_width=2.0) for at, count in plateaus.items()),
        stroke=PLANNED,
        stroke_linecap="round",
        stroke_linejoin="round",
    )


def _walked(walk: Sequence[Position], curve: Sequence[Position]) -> str:
    pieces = len(curve) - 1
    strokes = [
        line(curve[n : n + 2], stroke=time_colour(n / max(1, pieces - 1)), stroke_width=4.5) for n in range(pieces)
    ]
    last = max(1, len(walk) - 1)
    dots = [circle(at, 5.5, fill=time_colour(n / last)) for n, at in enumerate(walk)]
    return element("g", *strokes, stroke_linecap="round") + element("g", *dots, stroke=BACKGROUND, stroke_width=1.8)


def _label(content: str, at: Position, moment: float, taken: list[Box], dots: Sequence[Position]) -> str:
    """A marker at `at` in the colour of its moment, and its name where there is room; joins `taken`."""
    box = place(content, at, 19, FRAME, [*taken, Box(at[0] - 13, at[1] - 13, 26, 26)], dots)
    taken.append(box)
    colour = time_colour(moment)
    words = text(
        content,
        (box.x + box.width / 2, box.y + box.height * 0.75),
        19,
        text_anchor="middle",
        font_weight="700",
        fill=colour,
        stroke=BACKGROUND,
        stroke_width=5.0,
        stroke_linejoin="round",
        paint_order="stroke",
    )
    return circle(at, 13, fill="none", stroke=colour, stroke_width=3.5) + words


def _dense(path: Sequence[Position]) -> list[Position]:
    """Positions every tenth of each straight part."""
    return [
        (a[0] + (b[0] - a[0]) * n / 10, a[1] + (b[1] - a[1]) * n / 10)
        for a, b in zip(path, path[1:], strict=False)
        for n in range(11)
    ]


def _legend(minutes: float) -> str:
    y = HEIGHT - 52
    return element(
        "g",
        line([(110, y), (150, y)], stroke=PLANNED, stroke_width=16.0, stroke_opacity=0.16, stroke_linecap="round"),
        circle((130, y), 8, fill="#ffffff", stroke=PLANNED, stroke_width=2.0),
        text("planned", (170, y + 6), 17),
        circle((300, y), 5.5, fill=time_colour(0.5)),
        text("one clip, as measured", (318, y + 6), 17),
        text("start", (570, y + 6), 17, text_anchor="end"),
        element("rect", x=582.0, y=y - 4, width=180.0, height=8.0, rx=4.0, fill="url(#time)"),
        text(f"{minutes:.3g} min", (776, y + 6), 17),
        fill=MUTED,
    )
