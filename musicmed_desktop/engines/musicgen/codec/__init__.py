"""EnCodec's decoder (Defossez et al. 2022, arXiv 2210.13438), streaming: codes in, samples out."""

from musicmed_desktop.engines.musicgen.codec.codec import Codec, CodecStream

__all__ = ["Codec", "CodecStream"]
