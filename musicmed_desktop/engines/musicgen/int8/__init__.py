"""The decoder with 8-bit weights in ONNX Runtime: the fast way on a CPU.

A step reads every weight once, so its time is the weights' size over the memory's bandwidth: a byte per weight instead
of four makes it four times faster, as long as the kernel multiplies bytes directly.
"""

from musicmed_desktop.engines.musicgen.int8.decoder import OnnxDecoder
from musicmed_desktop.engines.musicgen.int8.quantize import can_quantize

__all__ = ["OnnxDecoder", "can_quantize"]
