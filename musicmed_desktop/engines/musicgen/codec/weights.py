"""From a checkpoint's tensors to makers of EnCodec's layers, for each signal needs its own, with the same weights."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch

from musicmed_desktop.engines.musicgen.codec.convolution import Convolution, Edges, Kernel
from musicmed_desktop.engines.musicgen.codec.layers import ELU, LSTM, Layer, LocalLayer, Residual, Upsampling
from musicmed_desktop.engines.musicgen.shapes import CodecShape

Read = Callable[[str], torch.Tensor]  # a tensor of `audio_encoder`, in float32 on the codec's device
MakeLayer = Callable[[], Layer]
MakeLocalLayer = Callable[[], LocalLayer]


def codebooks(shape: CodecShape, read: Read) -> torch.Tensor:
    """[K, codebook_size, hidden]."""
    return torch.stack([read(f"quantizer.layers.{k}.codebook.embed") for k in range(shape.codebooks)])


def by_frame(shape: CodecShape, read: Read) -> list[MakeLayer]:
    """The layers that have a row per frame."""
    return [_convolution("decoder.layers.0", shape, read), _lstm("decoder.layers.1.lstm", shape, read)]


def upsampling(shape: CodecShape, read: Read) -> list[MakeLocalLayer]:
    """The layers from frames to samples."""
    makers: list[MakeLocalLayer] = []
    for ratio in shape.ratios:
        makers += [ELU, _upsampling(_name(makers, 1), ratio, read)]
        for j in range(shape.residual_layers):
            makers.append(_residual(_name(makers), shape.dilation_growth**j, shape, read))
    return [*makers, ELU, _convolution(_name(makers, 1), shape, read)]


def _name(makers: list[MakeLocalLayer], ahead: int = 0) -> str:
    """The name of the layer behind these `makers`, or of one that is `ahead` of it."""
    return f"decoder.layers.{2 + len(makers) + ahead}"


def _convolution(name: str, shape: CodecShape, read: Read) -> MakeLocalLayer:
    kernel = _kernel(name, read)
    return partial(Convolution, kernel, Edges.same(kernel.reach, shape.pad_mode))


def _residual(name: str, dilation: int, shape: CodecShape, read: Read) -> MakeLocalLayer:
    wide, narrow = _kernel(f"{name}.block.1", read, dilation), _kernel(f"{name}.block.3", read)
    shortcut = _kernel(f"{name}.shortcut", read) if shape.conv_shortcut else None
    return partial(Residual, wide, Edges.same(wide.reach, shape.pad_mode), narrow, shortcut)


def _kernel(name: str, read: Read, dilation: int = 1) -> Kernel:
    weight = read(f"{name}.conv.weight")  # [out, in, taps]
    return Kernel(weight.permute(2, 1, 0).contiguous(), read(f"{name}.conv.bias"), dilation)


def _upsampling(name: str, stride: int, read: Read) -> MakeLocalLayer:
    weight = read(f"{name}.conv.weight")  # [in, out, 2 * stride]
    # Each output hears the older input with the kernel's second half, the newer one with its first.
    taps = [half.transpose(1, 2).flatten(1) for half in (weight[..., stride:], weight[..., :stride])]
    return partial(Upsampling, Kernel(torch.stack(taps), read(f"{name}.conv.bias").repeat(stride)), stride)


def _lstm(name: str, shape: CodecShape, read: Read) -> MakeLayer:
    kinds = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    state = {f"{kind}_l{n}": read(f"{name}.{kind}_l{n}") for n in range(shape.lstm_layers) for kind in kinds}
    width, device = state["weight_hh_l0"].shape[1], state["weight_hh_l0"].device
    # Made without values: drawing them would be slow, and would disturb torch's own random generator.
    lstm = torch.nn.LSTM(width, width, shape.lstm_layers, device="meta").to_empty(device=device)
    lstm.load_state_dict(state)
    return partial(LSTM, lstm)
