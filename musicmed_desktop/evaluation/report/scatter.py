"""circumplex-CONDITION.svg: which moods were asked for, and where the music was heard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from musicmed_desktop.affect import Affect, Quadrant
from musicmed_desktop.evaluation.report.aims import Aim, aims_of
from musicmed_desktop.evaluation.report.clouds import clouds, ellipse, mean_mark, means, ring
from musicmed_desktop.evaluation.report.picture import picture
from musicmed_desktop.evaluation.report.words import counted
from musicmed_desktop.evaluation.values import Results
from musicmed_desktop.session import circumplex
from musicmed_desktop.session.circumplex import position
from musicmed_desktop.session.labels import Box, place
from musicmed_desktop.session.svg import BACKGROUND, INK, MUTED, circle, element, line, text

SIZE = (1000.0, 1090.0)
FRAME = Box(24, 120, SIZE[0] - 48, SIZE[1] - 280)
NAMED = 16  # targets; more of them have no words in the picture


def scatter_svg(results: Results, identity: str) -> str:
    """The picture of one condition; its ids begin with `identity`."""
    aims = aims_of(results)
    clips = counted(len(results.clips), "clip")
    labels, taken = _labels(aims)
    busy = [position(affect) for aim in aims for affect in (aim.target, *aim.heard)]
    return picture(
        identity,
        SIZE,
        results.condition.name,
        f"{clips}, {counted(len(aims), 'mood')} asked for" if aims else "no clips",
        _description(aims),
        circumplex.ground().replace("#tint", f"#{identity}-tint"),
        circumplex.rim_words(busy, taken, without={aim.word for aim in aims}),
        element("g", "", *clouds(aims), *means(aims)),
        labels,
        _legend(),
        definitions=[gradient.replace('"tint', f'"{identity}-tint') for gradient in circumplex.gradients()],
    )


def _description(aims: Sequence[Aim]) -> str:
    def spoken(affect: Affect) -> str:
        return f"valence {affect.valence:.2f}, arousal {affect.arousal:.2f}"

    return (
        "The circumplex of affect: valence from unpleasant to pleasant, arousal from calm to activated. "
        "Each ring is a mood that was asked for; a line leads to the mean of what was heard. "
    ) + " ".join(f"{aim.word} ({spoken(aim.target)}) was heard at {spoken(aim.mean)}." for aim in aims)


def _labels(aims: Sequence[Aim]) -> tuple[str, list[Box]]:
    """The words of the targets, where they are few enough to be read, and the room that they take."""
    taken = circumplex.pole_boxes()
    if len(aims) > NAMED:
        return "", taken
    ends = [position(affect) for aim in aims for affect in (aim.target, aim.mean)]
    taken += [Box(x - 10, y - 10, 20, 20) for x, y in ends]
    dots = [position(affect) for aim in aims for affect in aim.heard]
    written = []
    for aim in aims:
        box = place(aim.word, position(aim.target), 16, FRAME, taken, dots)
        taken.append(box)
        written.append(text(aim.word, box.baseline, 16, stroke=BACKGROUND, stroke_width=4.5, stroke_linejoin="round"))
        written.append(text(aim.word, box.baseline, 16, fill=INK))
    return element("g", "", *written, text_anchor="middle", font_weight="600"), taken


def _legend() -> str:
    """What the marks mean, and below it the quarters of the circle."""
    y, second = SIZE[1] - 92, SIZE[1] - 46
    marks = [
        line([(108, y), (150, y)], stroke=MUTED, stroke_width=2.2),
        element("g", ring("depression", (100, y), 8), mean_mark("depression", (156, y), 7)),
        text("asked for, and heard on average", (178, y + 6), 17),
        circle((482, y), 3.5, fill=MUTED),
        text("one clip", (496, y + 6), 17),
        ellipse((622, y), 26, 13, MUTED),
        text("about half of a mood's clips", (660, y + 6), 17),
    ]
    for number, kind in enumerate(get_args(Quadrant)):
        x = 150 + 190 * number
        marks += [mean_mark(kind, (x, second), 7), text(kind, (x + 18, second + 6), 17)]
    return element("g", *marks, fill=MUTED)
