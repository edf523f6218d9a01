"""The licence notices of everything that is bundled, made from what is bundled.

Tools such as pip-licenses list what an environment holds. They know neither which of it was bundled, nor Python and the
libraries of the system, nor what wheels bring along inside of them; so this is done here.
"""

from __future__ import annotations

import fnmatch
import mmap
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from bundling.contents import Bundled
from bundling.failure import BundleError
from bundling.licences import known, owners, page, terms
from bundling.licences.parts import Part, standard


def write(entries: Collection[Bundled], out: Path) -> Path:
    """Write the notices of all that `entries` names to the file `out`; returns `out`.

    Raises BundleError where a file belongs to nobody known, where a part's licence has no text, and where a licence
    does not fit the GPL, unless known.toml says why it is accepted."""
    parts = {owners.this_program(), *owners.parts(entries), *_inside(entries)}
    _require_texts(parts)
    _require_fitting(parts)
    out.write_text(page.render(parts), encoding="utf-8", newline="\n")
    return out


def _inside(entries: Collection[Bundled]) -> Iterator[Part]:
    for thing in known.inside():
        found = [entry for entry in entries if fnmatch.fnmatch(Path(entry.destination).as_posix(), thing["within"])]
        if any(_contains(entry.source, thing.get("contains", "")) for entry in found):
            said = {key: thing[key] for key in ("name", "licence", "home", "words", "accepted") if key in thing}
            yield Part(**said, texts=standard(thing.get("texts", [])))


def _contains(path: Path, words: str) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return data.find(words.encode()) >= 0


def _require_texts(parts: Iterable[Part]) -> None:
    without = sorted(
        f"{part.name} {part.version} ({part.licence})" for part in parts if part.licence and not part.texts
    )
    _require(
        without, "These come without the text of their licence. Put it into bundling/licences/texts, and name it in"
    )


def _require_fitting(parts: Iterable[Part]) -> None:
    """What wheels say of the things in them is checked as far as they say it."""
    bad = [(part, part) for part in parts if not (part.accepted or terms.fits(part.licence))]
    bad += [(part, held) for part in parts for held in part.holds if held.licence and not terms.fits(held.licence)]
    listed = sorted(
        f"{part.name}: {held.name} {held.version}, {held.licence or 'no licence named'}" for part, held in bad
    )
    _require(listed, "A program under the GPL, version 3, may not hold these. Leave them out, or say why they may in")


def _require(wrong: list[str], words: str) -> None:
    if wrong:
        raise BundleError("\n".join([f"{words} bundling/licences/known.toml:", *(f"  {line}" for line in wrong)]))
