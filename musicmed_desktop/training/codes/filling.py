"""From sound files to a cache of codes; what was done once is not done again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from musicmed_desktop.engines.models import space
from musicmed_desktop.errors import UserError
from musicmed_desktop.training.codes.cache import CodeCache, Codes
from musicmed_desktop.training.codes.packing import packed_size
from musicmed_desktop.training.codes.tempo import tempo_of
from musicmed_desktop.training.codes.windows import Samples, UnusableError, read_windows, starts
from musicmed_desktop.training.dataset.track import Excluded, Source

if TYPE_CHECKING:
    from musicmed_desktop.training.codes.encoder import Encoder

_UNREADABLE = "its sound file cannot be read"  # now; it is tried again each time


@dataclass(frozen=True)
class Filled:
    """A track whose codes are in the cache; or else `excluded` tells why not."""

    track: str  # its id
    excluded: Excluded | None = None


def needed_bytes(sources: Sequence[Source], cache: CodeCache) -> int:
    """The room that the codes of the tracks take which are not in the cache yet, by the durations of the index."""
    layout = cache.layout
    missing = [source.track.duration_s for source in sources if not cache.has(source.track.id)]
    return sum(packed_size(layout, len(starts(duration, layout.window_s, layout.most)) or 1) for duration in missing)


def require_space(sources: Sequence[Source], cache: CodeCache) -> None:
    """Raises UserError where the disk has not the room for the codes that are still to be computed."""
    space.require_space(cache.folder, needed_bytes(sources, cache), "the codes of the music")


def fill(
    sources: Sequence[Source], cache: CodeCache, encoder: Encoder, cancelled: Callable[[], bool]
) -> Iterator[Filled]:
    """Compute the codes that are not in the cache; tells of each source in turn, until `cancelled()` turns true.

    Whatever is wrong with a sound file excludes that track alone. Raises UserError where the disk refuses the codes,
    and ValueError where the cache is one of another codec.
    """
    if encoder.fingerprint != cache.layout.fingerprint:
        raise ValueError("the cache is one of another codec")
    cache.tidy()
    for source in sources:
        if cancelled():
            return
        reason = _complaint(source, cache, encoder, cancelled)
        if cancelled():
            return
        excluded = Excluded(source.track.id, source.track.path, reason) if reason else None
        yield Filled(source.track.id, excluded)


def _complaint(source: Source, cache: CodeCache, encoder: Encoder, cancelled: Callable[[], bool]) -> str | None:
    """Why the track cannot be used; None where its codes are in the cache now, or it was cancelled."""
    track = source.track.id
    if cache.read(track) is not None:
        return None
    known = cache.refused(track)
    if known is not None and known != _UNREADABLE:
        return known
    layout = cache.layout
    try:
        starts_s, windows = read_windows(source.file, layout.window_s, layout.most, encoder.sample_rate)
    except UserError as error:
        reason = f"its sound file {error.reason}" if isinstance(error, UnusableError) else _UNREADABLE
        cache.refuse(track, source.file, reason)
        return reason
    codes = _encoded(windows, encoder, layout.frames, cancelled)
    if codes is not None:
        cache.write(track, Codes(codes, starts_s, tempo_of(windows, encoder.sample_rate)))
    return None


def _encoded(
    windows: Samples, encoder: Encoder, frames: int, cancelled: Callable[[], bool]
) -> NDArray[np.uint16] | None:
    """[W, n] to [W, K, frames], one window at a time: that bounds the memory, and a window's codes do not depend on
    others. None where it was cancelled."""
    import torch

    codes = [encoder.encode(torch.from_numpy(window[None])) for window in takewhile(lambda _: not cancelled(), windows)]
    if len(codes) < len(windows):
        return None
    return torch.cat(codes)[..., :frames].numpy().astype(np.uint16)
