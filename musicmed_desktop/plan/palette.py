"""Instruments and genres: the tags of MTG-Jamendo, and the names that people have for them."""

from __future__ import annotations

from functools import cache

from musicmed_desktop.affect.spelling import did_you_mean, folded, quoted
from musicmed_desktop.errors import UserError
from musicmed_desktop.plan.cooccurrence import TagKind, tags

# Tags that are run together or shortened, as a sentence has them.
_SPOKEN = {
    "acidjazz": "acid jazz",
    "acousticbassguitar": "acoustic bass guitar",
    "acousticguitar": "acoustic guitar",
    "alternativerock": "alternative rock",
    "bluesrock": "blues rock",
    "bossanova": "bossa nova",
    "classicalguitar": "classical guitar",
    "classicrock": "classic rock",
    "darkambient": "dark ambient",
    "darkwave": "dark wave",
    "deephouse": "deep house",
    "doublebass": "double bass",
    "drummachine": "drum machine",
    "drumnbass": "drum and bass",
    "dream": "dreamy",
    "easylistening": "easy listening",
    "edm": "electronic dance",
    "electricguitar": "electric guitar",
    "electricpiano": "electric piano",
    "hardrock": "hard rock",
    "hiphop": "hip hop",
    "idm": "intelligent dance",
    "instrumentalpop": "instrumental pop",
    "instrumentalrock": "instrumental rock",
    "jazzfusion": "jazz fusion",
    "newage": "new age",
    "newwave": "new wave",
    "pad": "synth pad",
    "pipeorgan": "pipe organ",
    "popfolk": "pop folk",
    "poprock": "pop rock",
    "postrock": "post-rock",
    "punkrock": "punk rock",
    "rhodes": "Rhodes piano",
    "rnb": "R&B",
    "rocknroll": "rock and roll",
    "singersongwriter": "singer-songwriter",
    "synthpop": "synth pop",
    "triphop": "trip hop",
    "worldfusion": "world fusion",
}

_SOLO_PIANO = "solo piano"

_ALIASES: dict[TagKind, dict[str, str]] = {
    "genre": {
        "acoustic": "folk",
        "chill": "chillout",
        "cinematic": "soundtrack",
        "classic": "classical",
        "dnb": "drumnbass",
        "electro": "electronic",
        "film music": "soundtrack",
        "lo-fi": "chillout",
        "orchestra": "orchestral",
        "rhythm and blues": "rnb",
        _SOLO_PIANO: "classical",
        "techno pop": "synthpop",
    },
    "instrument": {
        "acoustic bass": "acousticbassguitar",
        "bass guitar": "bass",
        "church organ": "pipeorgan",
        "contrabass": "doublebass",
        "drum kit": "drums",
        "e-piano": "electricpiano",
        "fiddle": "violin",
        "french horn": "horn",
        "grand piano": "piano",
        "keys": "keyboard",
        "nylon guitar": "classicalguitar",
        "sax": "saxophone",
        "singing": "voice",
        "synth": "synthesizer",
        "string orchestra": "strings",
        "upright bass": "doublebass",
        "vocals": "voice",
    },
}


@cache
def _by_spelling(kind: TagKind) -> dict[str, str]:
    names = {folded(name): tag for name, tag in _ALIASES[kind].items()}
    plurals = {folded(tag) + "s": tag for tag in tags(kind)}
    spoken = {folded(spoken): tag for tag, spoken in _SPOKEN.items() if tag in tags(kind)}
    return plurals | names | spoken | {tag: tag for tag in tags(kind)}


def tag_of(kind: TagKind, name: str) -> str:
    """The tag that `name` stands for, whatever its case, spaces and hyphens; UserError names the nearest."""
    tag = _by_spelling(kind).get(folded(name))
    if tag is None:
        article = "a genre" if kind == "genre" else "an instrument"
        guess = did_you_mean(name, names(kind)) or f"For example: {_EXAMPLES[kind]}."
        raise UserError(f"{quoted(name)} is not {article} that I know.", guess)
    return tag


_EXAMPLES: dict[TagKind, str] = {
    "genre": "ambient, solo piano, acoustic, lo-fi, cinematic, jazz, electronic, classical",
    "instrument": "piano, acoustic guitar, cello, strings, flute, harp, synthesizer",
}


def names(kind: TagKind) -> tuple[str, ...]:
    """The names of a kind: the tags, their spoken forms, and the friendly names. `tag_of` knows them all."""
    return (*tags(kind), *map(spoken, tags(kind)), *_ALIASES[kind])


def spoken(tag: str) -> str:
    """The tag as a sentence has it: "acousticguitar" becomes "acoustic guitar"."""
    return _SPOKEN.get(tag, tag)


def is_solo_piano(genre: object) -> bool:
    """Whether somebody names a genre that asks for an instrument as well."""
    return isinstance(genre, str) and folded(genre) == folded(_SOLO_PIANO)
