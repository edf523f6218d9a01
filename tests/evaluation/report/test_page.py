from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from musicmed_desktop.evaluation.report import write_report
from musicmed_desktop.evaluation.report.headline import answer
from musicmed_desktop.evaluation.report.tables import column, differences, scored
from musicmed_desktop.evaluation.report.words import plain_line
from musicmed_desktop.evaluation.values import Evaluation
from tests.fakes.evaluations import HOSTILE, evaluation, hostile, single

VOID = {"meta"}
ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "main", "section", "h1", "h2", "h3", "p", "div", "span"),
    *("strong", "ul", "li", "dl", "dt", "dd", "figure", "table", "caption", "thead", "tbody", "tr", "th", "td"),
    *("svg", "desc", "defs", "radialgradient", "stop", "g", "path", "rect", "circle", "ellipse", "polygon", "text"),
}


class Page(HTMLParser):
    """What a browser's parser finds: elements in order with their attributes, and their words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID or "svg" in self.open, tag  # in HTML any other would stay open
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def text_of(found: Evaluation, folder: Path) -> str:
    return write_report(found, folder).read_text(encoding="utf-8")


def test_it_is_well_formed_as_html_and_as_xml(found: Evaluation, tmp_path: Path) -> None:
    text = text_of(found, tmp_path)
    page = Page(text)
    assert {name for name, _ in page.found} <= ALLOWED
    assert ElementTree.fromstring(text).attrib["lang"] == "en"
    ids = [attributes["id"] for _, attributes in page.found if "id" in attributes]
    assert len({*ids}) == len(ids)


def test_it_needs_nothing_else(found: Evaluation, tmp_path: Path) -> None:
    text = text_of(found, tmp_path)
    page = Page(text)
    for _, attributes in page.found:
        assert not {name for name in attributes if name.startswith("on") or name in ("src", "href", "style", "srcset")}
        assert all("url(" not in value or re.fullmatch(r"url\(#[\w-]+\)", value) for value in attributes.values())
    style = text.partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_its_policy_allows_its_style_and_nothing_else(tmp_path: Path) -> None:
    text = text_of(single(), tmp_path)
    style = text.partition("<style>")[2].partition("</style>")[0]
    (policy,) = [one["content"] for _, one in Page(text).found if one.get("http-equiv") == "Content-Security-Policy"]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.split("; ")[:2] == ["default-src 'none'", f"style-src 'sha256-{digest}'"]
    assert "unsafe" not in policy


def test_who_listens_to_it_finds_the_way(found: Evaluation, tmp_path: Path) -> None:
    page = Page(text_of(found, tmp_path))
    levels = [int(name[1]) for name, _ in page.found if re.fullmatch("h[1-6]", name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    heads = [attributes for name, attributes in page.found if name == "th"]
    assert all(attributes.get("scope") in ("col", "row") for attributes in heads)
    names = [name for name, _ in page.found]
    assert names.count("table") == names.count("caption")
    assert all(one["role"] == "img" and one["aria-labelledby"] for name, one in page.found if name == "svg")
    scrolls = [one for _, one in page.found if one.get("class") == "scroll"]
    assert all(one["tabindex"] == "0" and one["aria-label"] for one in scrolls)


def test_it_opens_with_the_answer(tmp_path: Path) -> None:
    words = Page(text_of(evaluation(), tmp_path)).words
    first = words.index("How well the music fits its mood")
    assert words[first + 1 : first + 5] == list(answer(evaluation()))


def test_every_figure_is_on_it(tmp_path: Path) -> None:
    words = {word.strip() for word in Page(text_of(evaluation(), tmp_path)).words}
    for metric in scored(evaluation()):
        assert {metric.name, metric.about} <= words
        for cell in column(evaluation(), metric):
            assert {cell.value, cell.interval} <= words | {""}
    for comparison in evaluation().comparisons:
        for one in differences(evaluation(), comparison, scored(evaluation())):
            assert {one.value, one.interval, one.verdict} <= words | {""}
    assert {*evaluation().setting, *evaluation().setting.values()} <= words


def test_every_picture_is_on_it(tmp_path: Path) -> None:
    text = text_of(evaluation(), tmp_path)
    drawn = [file.read_text(encoding="utf-8") for file in tmp_path.glob("*.svg")]
    assert len(drawn) == 11
    assert all(picture in text for picture in drawn)


def test_what_somebody_wrote_is_text_and_nothing_else(tmp_path: Path) -> None:
    text = text_of(hostile(), tmp_path)
    assert "<script" not in text
    words = Page(text).words
    assert plain_line(HOSTILE) in words
    assert "Größe" in plain_line(HOSTILE)
    assert not set(text) & set("\0\u202e\r")


def test_limits_are_told_of_what_is_shown(tmp_path: Path) -> None:
    everything, some = text_of(evaluation(), tmp_path / "a"), text_of(single(), tmp_path / "b")
    assert "too large for few clips" in everything
    assert "too large for few clips" not in some
    assert "less reliable than its arousal" in some
    assert "more than chance by chance alone" in some
