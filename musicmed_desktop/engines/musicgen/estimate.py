"""How fast a model would write, before it is here: a few layers of its width with random weights tell."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

from musicmed_desktop.engines.base import Cancelled
from musicmed_desktop.engines.musicgen.bench.weights import RandomTensors, codec_sizes, decoder_sizes
from musicmed_desktop.engines.musicgen.codec import Codec
from musicmed_desktop.engines.musicgen.placement import Placement
from musicmed_desktop.engines.musicgen.sampling import Sampling
from musicmed_desktop.engines.musicgen.shapes import SMALL, CodecShape, DecoderShape
from musicmed_desktop.engines.musicgen.writer import Writer

_FEWEST = 3
# Of musicgen-small: 8-bit weights of 134 MB, which no processor's own memory holds, as it holds no whole model.
_LAYERS = 8


def estimated_pace(shape: DecoderShape, places: Sequence[Placement], cancelled: Cancelled) -> float:
    """Seconds that a model of this shape takes for a second of music, as MusicGenEngine.pace would measure it.

    Takes up to ten seconds itself, and the memory of a few layers. Raises CancelledError, within a layer's work, and
    UserError where not even that memory is there.
    """
    few, several = 1, min(max(_FEWEST, round(_LAYERS * (SMALL.hidden / shape.hidden) ** 2)), shape.layers)
    # What weighs most is measured twice, a little apart, since other programs come and go.
    more, least, again = (_pace(replace(shape, layers=layers), places, cancelled) for layers in (several, few, several))
    decoder = least + (min(more, again) - least) / (several - few) * (shape.layers - few)
    codec = CodecShape()
    return decoder + Codec(codec, RandomTensors(codec_sizes(codec))).pace()


def _pace(shape: DecoderShape, places: Sequence[Placement], cancelled: Cancelled) -> float:
    with closing(Writer(places, None, Sampling())) as writer:
        writer.load(shape, RandomTensors(decoder_sizes(shape)))
        return writer.pace(cancelled)
