"""The things that are in a bundle as a lawyer would count them, each with its licence and the texts that go with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import Distribution
from pathlib import Path, PurePath
from typing import Any

from bundling.licences import known, terms

_TEXT = re.compile(r"(licen[cs]e|copying|notice|authors|copyright)", re.IGNORECASE)
_NO_TEXT = {".py", ".pyc", ".pyi", ".json", ".js", ".h", ".svg", ".png", ".so", ".dll", ".pyd", ".dylib", ".html"}
_LIBRARIES = {".so", ".dll", ".dylib"}


@dataclass(frozen=True)
class Text:
    """A licence or a notice, by the name of its file."""

    name: str
    words: str


@dataclass(frozen=True)
class Part:
    """Something in the bundle that has makers and a licence of its own.

    `licence`: in SPDX's way where that is known, else in its makers' words. `home`: a web page. `holds`: what was
    compiled into it or comes along. `accepted`: why it may be bundled though its licence does not fit the GPL."""

    name: str
    version: str = ""
    licence: str = ""
    home: str = ""
    words: str = ""
    texts: tuple[Text, ...] = ()
    holds: tuple[Part, ...] = ()
    accepted: str = ""


def standard(names: list[str]) -> tuple[Text, ...]:
    """The texts of this folder by these names."""
    return tuple(Text(name, known.text(name)) for name in names)


def of_distribution(distribution: Distribution) -> Part:
    """What a distribution says of itself, with all its licences and notices, and what is known beyond."""
    metadata = distribution.metadata
    more = known.distribution(distribution.name)
    licence = str(more.get("licence") or terms.named(metadata))
    texts = (*_texts(distribution), *standard(more.get("texts", [])))
    if not texts and (text := known.text_of(licence)):
        texts = standard([text])
    return Part(
        words=str(more.get("words", "")),
        name=distribution.name,
        version=distribution.version,
        licence=licence,
        home=_home(terms.field(metadata, "Home-page"), metadata.get_all("Project-URL") or []),
        texts=texts,
        holds=tuple(_listed(distribution)),
        accepted=str(more.get("accepted", "")),
    )


def with_libraries(part: Part, files: list[PurePath]) -> Part:
    """The part with the libraries by others among its bundled files, where its own list does not have them already."""
    found = {held for path in files if (held := _library(path)) and held.name not in {held.name for held in part.holds}}
    return replace(part, holds=(*part.holds, *sorted(found, key=lambda held: held.name.lower())))


def _texts(distribution: Distribution) -> Iterator[Text]:
    for file in sorted(distribution.files or ()):
        if _TEXT.search(file.name) and file.suffix.lower() not in _NO_TEXT and "_vendor" not in file.parts:
            path = Path(str(distribution.locate_file(file)))
            if path.is_file():
                inner = [part for part in file.parts if not part.endswith(".dist-info") and part != "licenses"]
                yield Text("/".join(inner), path.read_text(encoding="utf-8", errors="replace"))


def _home(page: str, links: list[str]) -> str:
    """The home page, else the first link, of those named `label, address`, that is one or leads to the sources."""
    labelled = [link.rsplit(", ", 1) for link in links if ", " in link]
    likely = [address for label, address in labelled if re.search("home|source|repo|code", label, re.IGNORECASE)]
    return page or next(iter([*likely, *(address for _, address in labelled)]), "")


def _listed(distribution: Distribution) -> Iterator[Part]:
    """What the wheel's lists of its materials name (CycloneDX, in sboms; https://peps.python.org/pep-0770/)."""
    own = known.plain(distribution.name)
    found: dict[str, Part] = {}
    for file in distribution.files or ():
        if file.suffix == ".json" and "sboms" in file.parts:
            listed = json.loads(Path(str(distribution.locate_file(file))).read_text(encoding="utf-8"))
            for component in listed.get("components", ()):
                if known.plain(component["name"]) != own:
                    held = _component(component)
                    found[held.name] = held
    yield from sorted(found.values(), key=lambda held: held.name.lower())


def _component(component: dict[str, Any]) -> Part:
    stated = [
        entry.get("expression") or entry.get("license", {}).get("id", "") for entry in component.get("licenses", ())
    ]
    listed = Part(component["name"], str(component.get("version", "")), " AND ".join(filter(None, stated)))
    if not listed.licence and (library := known.library(listed.name)):
        return replace(listed, name=library["name"], licence=library["licence"], home=library["home"])
    return replace(listed, words=str(component.get("author", "")))


def _library(path: PurePath) -> Part | None:
    """A known one, or one that auditwheel and delvewheel (NAME.libs) or delocate (.dylibs) put in from elsewhere."""
    if not _LIBRARIES & set(path.suffixes):
        return None
    if known_one := known.library(re.split(r"[-.]", path.name.removeprefix("lib"), maxsplit=1)[0]):
        return Part(known_one["name"], licence=known_one["licence"], home=known_one["home"])
    return Part(path.name) if path.parent.name.endswith((".libs", ".dylibs")) else None
