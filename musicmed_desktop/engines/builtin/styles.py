"""The seven styles and the genres that they serve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ChordTexture = Literal["arpeggio", "block", "strum", "pulse", "comp"]
BassTexture = Literal["held", "root_fifth", "walking", "pulse"]
Kit = Literal["none", "soft", "acoustic", "lofi", "jazz", "cinematic", "electronic"]


@dataclass(frozen=True)
class Style:
    """`leads` to `bass`: instruments (MTG tags) where the listener asked for none; `textures` calm to lively;
    `colour`: share of sevenths and ninths; `swing`: 0.5 straight to 0.67 triplets; `room`, `wet`: reverb, 0 to 1;
    `top_hz`: the brightest that the style sounds; `melody`: share of phrases that have one."""

    name: str
    genres: tuple[str, ...]
    leads: tuple[str, ...]
    chords: str
    pad: str
    bass: str
    kit: Kit
    textures: tuple[ChordTexture, ChordTexture]
    basses: tuple[BassTexture, BassTexture]
    colour: float
    swing: float
    room: float
    wet: float
    top_hz: float
    melody: float


STYLES = (
    Style(
        name="ambient",
        genres=(
            "ambient", "atmospheric", "newage", "easylistening", "darkambient", "experimental", "minimal", "lounge",
            "improvisation", "psychedelic",
        ),
        leads=("piano", "flute"), chords="harp", pad="pad", bass="doublebass", kit="soft",
        textures=("arpeggio", "arpeggio"), basses=("held", "root_fifth"),
        colour=0.55, swing=0.5, room=0.85, wet=0.34, top_hz=12_000.0, melody=0.7,
    ),
    Style(
        name="solo piano",
        genres=("classical", "contemporary", "medieval", "instrumentalpop", "singersongwriter", "chanson"),
        leads=("piano",), chords="piano", pad="strings", bass="piano", kit="none",
        textures=("arpeggio", "pulse"), basses=("held", "pulse"),
        colour=0.20, swing=0.5, room=0.60, wet=0.22, top_hz=14_000.0, melody=0.95,
    ),
    Style(
        name="acoustic",
        genres=(
            "folk", "popfolk", "world", "ethno", "celtic", "country", "latin", "reggae", "worldfusion", "indie",
            "pop", "poprock", "rock", "classicrock", "alternative", "alternativerock", "instrumentalrock",
            "60s", "70s", "rocknroll", "choir",
        ),
        leads=("acousticguitar", "flute"), chords="acousticguitar", pad="strings", bass="acousticbassguitar",
        kit="acoustic", textures=("arpeggio", "strum"), basses=("held", "root_fifth"),
        colour=0.15, swing=0.5, room=0.40, wet=0.16, top_hz=14_000.0, melody=0.9,
    ),
    Style(
        name="lo-fi",
        genres=("chillout", "hiphop", "triphop", "downtempo", "rap", "groove", "rnb", "soul", "dub", "acidjazz"),
        leads=("vibraphone", "guitar"), chords="electricpiano", pad="pad", bass="bass", kit="lofi",
        textures=("block", "comp"), basses=("held", "root_fifth"),
        colour=0.85, swing=0.58, room=0.35, wet=0.14, top_hz=5_500.0, melody=0.75,
    ),
    Style(
        name="cinematic",
        genres=(
            "soundtrack", "orchestral", "symphonic", "postrock", "progressive", "metal", "hardrock", "hard", "punkrock",
            "grunge", "industrial", "darkwave",
        ),
        leads=("violin", "horn"), chords="harp", pad="strings", bass="cello", kit="cinematic",
        textures=("arpeggio", "pulse"), basses=("held", "pulse"),
        colour=0.25, swing=0.5, room=0.80, wet=0.28, top_hz=14_000.0, melody=0.85,
    ),
    Style(
        name="jazz",
        genres=("jazz", "swing", "bossanova", "blues", "bluesrock", "jazzfusion", "fusion", "funk", "disco"),
        leads=("saxophone", "piano"), chords="piano", pad="strings", bass="doublebass", kit="jazz",
        textures=("block", "comp"), basses=("root_fifth", "walking"),
        colour=0.9, swing=0.64, room=0.35, wet=0.14, top_hz=13_000.0, melody=0.85,
    ),
    Style(
        name="electronic",
        genres=(
            "electronic", "electronica", "dance", "house", "techno", "trance", "club", "edm", "synthpop", "electropop",
            "drumnbass", "breakbeat", "dubstep", "idm", "deephouse", "eurodance", "80s", "90s", "newwave",
        ),
        leads=("synthesizer", "bell"), chords="synthesizer", pad="pad", bass="synthbass", kit="electronic",
        textures=("arpeggio", "pulse"), basses=("held", "pulse"),
        colour=0.3, swing=0.5, room=0.55, wet=0.20, top_hz=15_000.0, melody=0.8,
    ),
)  # fmt: skip


def style_for(genre: str) -> Style:
    """The style that serves an MTG-Jamendo genre; ambient serves those that no style names."""
    return next((style for style in STYLES if genre in style.genres), STYLES[0])
