from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicmed_desktop.affect import Affect
from musicmed_desktop.plan import Plan, Prescription, build_plan
from musicmed_desktop.session.circumplex import position
from musicmed_desktop.session.labels import text_box
from musicmed_desktop.session.record import Change, Coordinates
from musicmed_desktop.session.svg import time_colour
from musicmed_desktop.session.trajectory import HEIGHT, WIDTH, trajectory_svg
from tests.fakes.recordings import walk
from tests.fakes.records import record_of

SVG = "{http://www.w3.org/2000/svg}"
coordinates = st.floats(-1, 1)
points = st.builds(Affect, coordinates, coordinates)


def drawn(plan: Plan, clips: int | None = None) -> ElementTree.Element:
    return ElementTree.fromstring(trajectory_svg(record_of(plan, clips=clips)))


def texts(picture: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in picture.iter(f"{SVG}text")]


def test_it_says_what_it_shows() -> None:
    picture = drawn(walk("anxious", "calm", minutes=15.0))
    assert picture.attrib["role"] == "img"
    assert (picture.findtext(f"{SVG}title") or "") == "From anxious to calm: 15 minutes in 30 clips"
    description = picture.findtext(f"{SVG}desc") or ""
    assert "Planned from anxious (valence -0.45, arousal 0.78) to calm (valence 0.60, arousal -0.80)." in description
    assert {"From anxious to calm", "start: anxious", "target: calm", "15 minutes"} <= {*texts(picture)}
    assert {"pleasant", "unpleasant", "activated", "calm"} <= {*texts(picture)}


def test_every_clip_is_a_dot_in_the_colour_of_its_time() -> None:
    plan = walk("sad", "happy", minutes=5.0)
    circles = {
        (float(c.attrib["cx"]), float(c.attrib["cy"])): c.attrib.get("fill") for c in drawn(plan).iter(f"{SVG}circle")
    }
    steps = record_of(plan).steps
    for n, step in enumerate(steps):
        x, y = position(step.measured.affect)
        fills = [fill for (cx, cy), fill in circles.items() if abs(cx - x) < 0.5 and abs(cy - y) < 0.5]
        assert time_colour(n / (len(steps) - 1)) in fills


def test_a_session_that_was_stopped_says_so() -> None:
    assert "30 seconds in 1 clip, stopped early" in texts(drawn(walk(minutes=15.0), clips=1))
    assert "1.5 minutes in 3 clips, stopped early" in texts(drawn(walk(minutes=15.0), clips=3))


def test_a_session_that_was_planned_anew_shows_every_path_that_was_heard() -> None:
    record = record_of(walk("anxious", "happy", minutes=15.0))
    calm, lifted = walk("calm", "calm").path, walk("sad", "hopeful").path
    changes = tuple(
        Change(
            at_s=at_s,
            reason="worse",
            felt=Coordinates(valence=-0.5, arousal=0.5),
            prescription=record.prescription,
            path=tuple(map(Coordinates.of, path)),
            seed=1,
        )
        for at_s, path in ((100.0, ()), (100.5, calm), (300.0, lifted))
    )
    picture = ElementTree.fromstring(trajectory_svg(record.model_copy(update={"changes": changes})))
    assert {"From anxious to hopeful", "start: anxious", "target: hopeful"} <= {*texts(picture)}
    dashed = [path for path in picture.iter(f"{SVG}path") if "stroke-dasharray" in path.attrib]
    assert len(dashed) == 3
    description = picture.findtext(f"{SVG}desc") or ""
    assert description.count("Planned from") == 3


def test_a_walk_on_the_spot_has_one_end() -> None:
    names = texts(drawn(walk("calm", "calm")))
    assert {"Staying calm", "start and target: calm"} <= {*names}
    assert not any(name.startswith("target") for name in names)


@settings(max_examples=25, deadline=None)
@given(start=points, target=points, minutes=st.sampled_from([1.0, 4.0, 15.0, 60.0]), seed=st.integers(0, 99))
def test_words_lie_in_the_picture_and_never_on_each_other(
    start: Affect, target: Affect, minutes: float, seed: int
) -> None:
    plan = build_plan(Prescription(start=start, target=target, minutes=minutes), seed)
    boxes = []
    for element in drawn(plan).iter(f"{SVG}text"):
        size = float(element.attrib["font-size"])
        x, y = float(element.attrib["x"]), float(element.attrib["y"])
        box = text_box(element.text or "", (x, y - 0.3 * size), size)
        if element.attrib.get("text-anchor") != "middle" and y > HEIGHT - 100:
            continue  # the legend stands still
        if "stroke" not in element.attrib:  # the halo of a word lies under the word
            boxes.append(box)
    assert len(boxes) > 10
    for number, box in enumerate(boxes):
        assert 0 < box.x < box.x + box.width < WIDTH
        assert 0 < box.y < box.y + box.height < HEIGHT
        assert not any(box.overlaps(other) for other in boxes[number + 1 :])


@pytest.mark.parametrize("share", [0.0, 0.2, 0.35, 0.7, 0.99, 1.0])
def test_time_colours_can_be_read_on_the_background(share: float) -> None:
    """A contrast of at least 3 : 1 with the background, as WCAG 2.2 asks of graphics."""
    assert contrast(time_colour(share), "#fcfaf6") >= 3


def test_time_colours_stay_within_the_session() -> None:
    assert time_colour(-1.0) == time_colour(0.0) == "#e55e43"
    assert time_colour(2.0) == time_colour(1.0)
    assert len({time_colour(n / 50) for n in range(51)}) == 51


def test_it_needs_nothing_from_elsewhere() -> None:
    text = trajectory_svg(record_of(walk()))
    assert text == trajectory_svg(record_of(walk()))
    assert not re.search(r"href|url\((?!#)|@import|<script|<image", text)
    assert len(text) < 40_000
    used = {*re.findall(r"url\(#(\w+)\)", text)}
    assert used == {"time", "tint0", "tint1", "tint2", "tint3"} <= {*re.findall(r' id="(\w+)"', text)}


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""

    def luminance(colour: str) -> float:
        channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)
