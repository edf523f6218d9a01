from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args
from xml.etree import ElementTree

import numpy as np
import pytest
from numpy.typing import NDArray

from musicmed_desktop.affect import Affect, Quadrant, quadrant
from musicmed_desktop.evaluation.report.aims import aims_of
from musicmed_desktop.evaluation.report.colours import BETTER, NIGHT, QUADRANTS, SHADE, WORSE
from musicmed_desktop.evaluation.report.forest import forest_svg
from musicmed_desktop.evaluation.report.matrix import matrix_svg
from musicmed_desktop.evaluation.report.scatter import scatter_svg
from musicmed_desktop.evaluation.scores import METRICS, confusion
from musicmed_desktop.evaluation.values import Comparison, Condition, Estimate, Evaluation, Results, Row
from musicmed_desktop.session.circumplex import position
from musicmed_desktop.session.labels import GLYPH_WIDTH
from musicmed_desktop.session.svg import BACKGROUND, INK, MUTED
from tests.fakes.evaluations import evaluation, heard

SVG = "{http://www.w3.org/2000/svg}"


def drawings(found: Evaluation) -> Iterator[str]:
    yield forest_svg(found, "comparison")
    for number, results in enumerate(found.results):
        yield scatter_svg(results, f"circumplex-{number}")
        yield matrix_svg(results.condition.name, confusion(results), f"confusion-{number}")


def texts(picture: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in picture.iter(f"{SVG}text")]


def circles(drawn: str) -> NDArray[np.float64]:
    """The middle of each, (n, 2)."""
    found = ElementTree.fromstring(drawn).iter(f"{SVG}circle")
    return np.array([(float(each.attrib["cx"]), float(each.attrib["cy"])) for each in found])


def near(places: NDArray[np.float64], affect: Affect) -> bool:
    return bool(np.linalg.norm(places - position(affect), axis=1).min() < 0.8)


def test_every_picture_stands_by_itself(found: Evaluation) -> None:
    for drawn in drawings(found):
        picture = ElementTree.fromstring(drawn)
        ids = [each.attrib["id"] for each in picture.iter() if "id" in each.attrib]
        assert len({*ids}) == len(ids)
        assert {*picture.attrib["aria-labelledby"].split(), *re.findall(r"url\(#([^)]*)\)", drawn)} <= {*ids}
        assert picture.findtext(f"{SVG}title")
        assert picture.findtext(f"{SVG}desc")
        assert not {each.tag.removeprefix(SVG) for each in picture.iter()} & {"script", "style", "image", "a", "use"}
        assert not [value for each in picture.iter() for value in each.attrib.values() if "//" in value]


def test_no_word_is_cut_at_the_edge(found: Evaluation) -> None:
    for drawn in drawings(found):
        picture = ElementTree.fromstring(drawn)
        _, _, width, height = map(float, picture.attrib["viewBox"].split())
        anchors = {child: parent.attrib.get("text-anchor") for parent in picture.iter() for child in parent}
        for each in picture.iter(f"{SVG}text"):
            x, length = float(each.attrib["x"]), len(each.text or "") * float(each.attrib["font-size"]) * GLYPH_WIDTH
            left = x - length * {"middle": 0.5, "end": 1.0}.get(
                each.attrib.get("text-anchor") or anchors[each] or "", 0
            )
            assert left > 0, each.text
            assert left + length < width, each.text
            assert 0 < float(each.attrib["y"]) < height


def test_every_target_and_every_clip_is_drawn() -> None:
    crowd = heard(Condition("crowd", None), 0.5, 0.3, 500)
    for results in (evaluation().results[1], crowd):
        places = circles(scatter_svg(results, "a"))
        assert all(near(places, clip.measured) for clip in results.clips)
        assert all(near(places, clip.item.target) for clip in results.clips)


def test_clips_of_one_target_are_gathered() -> None:
    results = evaluation().results[1]
    aims = aims_of(results)
    assert [aim.word for aim in aims[:2]] == ["fun", "happy"]
    assert sum(len(aim.heard) for aim in aims) == len(results.clips)
    picture = ElementTree.fromstring(scatter_svg(results, "a"))
    large = [aim for aim in aims if len(aim.heard) >= 5]
    assert len([*picture.iter(f"{SVG}ellipse")]) == len(large) + 1  # and the legend's
    assert {aim.word for aim in aims} <= {*texts(picture)}


def test_half_of_a_normal_cloud_lies_in_its_ellipse() -> None:
    chance = np.random.default_rng(0)
    clip = evaluation().results[0].clips[0]
    cloud = chance.multivariate_normal([0.1, -0.2], [[0.03, 0.02], [0.02, 0.04]], 400)
    clips = tuple(replace(clip, measured=Affect.clipped(valence, arousal)) for valence, arousal in cloud)
    drawn = scatter_svg(Results(evaluation().results[0].condition, clips), "a")
    shape = next(ElementTree.fromstring(drawn).iter(f"{SVG}ellipse")).attrib
    angle = np.radians(float(re.findall(r"rotate\(([^ ]*) ", drawn)[0]))
    x, y = np.array([position(each.measured) for each in clips]).T - [[float(shape["cx"])], [float(shape["cy"])]]
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    inside = (along / float(shape["rx"])) ** 2 + (across / float(shape["ry"])) ** 2 <= 1
    assert 0.42 < inside.mean() < 0.58


def test_clips_that_all_lie_at_one_place_are_drawn_too() -> None:
    clip = evaluation().results[0].clips[0]
    drawn = scatter_svg(Results(evaluation().results[0].condition, (clip,) * 9), "a")
    assert near(circles(drawn), clip.measured)
    assert "9 clips, 1 mood asked for" in texts(ElementTree.fromstring(drawn))


def test_the_matrix_tells_counts_and_shares() -> None:
    results = evaluation().results[1]
    counts = confusion(results)
    drawn = matrix_svg("x", counts, "a")
    words = texts(ElementTree.fromstring(drawn))
    assert {*get_args(Quadrant), "asked for", "heard"} <= {*words}
    asked = [sum(quadrant(clip.item.target) == name for clip in results.clips) for name in get_args(Quadrant)]
    for row, total in zip(counts, asked, strict=True):
        assert f"of {total}" in words
        assert {*map(str, row)} | {f"{100 * count / total:.0f} %" for count in row} <= {*words}
    assert f"{np.trace(counts)} of 60 clips in the quarter that was asked for" in words
    shades = [float(each) for each in re.findall(rf'fill="{SHADE}" fill-opacity="([^"]*)"', drawn)]
    assert shades == pytest.approx(
        [count / total for row, total in zip(counts, asked, strict=True) for count in row], abs=1e-3
    )


def test_a_quarter_that_nobody_asked_for_has_no_shares() -> None:
    counts = np.zeros((4, 4), np.int_)
    counts[0, 1] = 3
    words = texts(ElementTree.fromstring(matrix_svg("x", counts, "a")))
    assert [word for word in words if "%" in word] == ["0 %", "100 %", "0 %", "0 %"]
    assert words.count("of 0") == 3


def bars(found: Evaluation) -> list[tuple[float, str]]:
    """Where each point lies, and its colour, from above."""
    picture = ElementTree.fromstring(forest_svg(found, "a"))
    return [(float(each.attrib["cx"]), each.attrib["stroke"]) for each in picture.iter(f"{SVG}circle")]


def test_what_is_better_lies_to_the_right_of_zero() -> None:
    metrics = tuple(metric for metric in METRICS if metric.key in ("clap", "circumplex_error"))
    better = {"clap": Estimate(0.1, 0.05, 0.15), "circumplex_error": Estimate(-0.1, -0.15, -0.05)}
    worse = {"clap": Estimate(-0.1, -0.15, -0.05), "circumplex_error": Estimate(0.1, 0.05, 0.15)}
    open_ones = {key: Estimate(0.0, -0.1, 0.1) for key in better}
    compared = tuple(
        Comparison("a", name, 9, found) for name, found in zip("bcd", (better, worse, open_ones), strict=True)
    )
    found = Evaluation({}, metrics, (Row("a", 9, 0, better),), compared, ())
    right, left, middle, *others = bars(found)
    assert left[0] < middle[0] < right[0]
    assert [right[1], left[1], middle[1]] == [BETTER, WORSE, MUTED]
    assert others == [right, left, middle]
    words = texts(ElementTree.fromstring(forest_svg(found, "a")))
    assert [words.count(word) for word in ("better", "worse", "may be chance")] == [2, 2, 2]
    assert "-0.100 [-0.150, -0.050]" in words


def test_without_pairs_the_conditions_are_compared() -> None:
    found = replace(evaluation(), comparisons=())
    words = texts(ElementTree.fromstring(forest_svg(found, "a")))
    assert "The scores of each condition" in words
    assert all(words.count(row.condition) == 8 for row in found.rows)
    first = bars(found)[5:10]  # circumplex error
    errors = [row.scores["circumplex_error"].value for row in found.rows]
    assert np.argsort([x for x, _ in first]).tolist() == np.argsort(errors)[::-1].tolist()


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    shares = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_words_and_marks_can_be_read_by_day_and_by_night() -> None:
    for colour in (INK, MUTED, BETTER, WORSE, *QUADRANTS.values()):
        assert contrast(colour, BACKGROUND) >= 4.5, colour
        assert contrast(NIGHT[colour], NIGHT[BACKGROUND]) >= 4.5, colour
    assert contrast(INK, SHADE) >= 4.5
    assert contrast(NIGHT[INK], NIGHT[SHADE]) >= 4.5


def test_every_colour_has_one_for_the_night() -> None:
    for drawn in drawings(evaluation()):
        assert {*re.findall(r'(?:fill|stroke|stop-color)="(#[^"]*)"', drawn)} <= NIGHT.keys()
