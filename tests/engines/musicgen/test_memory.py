"""Memory: a model is loaded without a second copy of it, and given back. Linux measures, in a process of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from musicmed_desktop.engines.musicgen.placement import available_memory
from musicmed_desktop.engines.musicgen.shapes import LARGE, DecoderShape
from tests.fakes.musicgen import save_transformers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")

# 97 million parameters of musicgen-small's width: 194 MB.
SLICE = DecoderShape(hidden=1024, layers=4, heads=16, ffn=4096, text_hidden=48)
SHARD = 2**30  # bytes

_MEASURE = """
import json, sys
from pathlib import Path
import torch
from musicmed_desktop.engines.musicgen.checkpoint import read_checkpoint
from musicmed_desktop.engines.musicgen.placement import Placement
from musicmed_desktop.engines.musicgen.sampling import Sampling
from musicmed_desktop.engines.musicgen.writer import Window, Writer

def now(field):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(field + ":"))

torch.set_num_threads(1)
model = read_checkpoint(Path(sys.argv[1]))
writer = Writer([Placement("cpu", "float16", "Here.")], Window(), Sampling())
prompt, nothing = torch.randn(9, model.decoder.text_hidden), torch.zeros(4, 0, dtype=torch.int64)
torch.ones(64, 64) @ torch.ones(64, 64)  # what libraries need for themselves
Path("/proc/self/clear_refs").write_text("5")  # VmHWM counts from here
anonymous, resident = now("RssAnon"), now("VmRSS")
writer.load(model.decoder, model.tensors)
peak, loaded = now("VmHWM") - resident, now("RssAnon") - anonymous
list(writer.write([prompt], nothing, 2, 0, 0, lambda: False))
used = now("RssAnon") - anonymous
writer.close()
print(json.dumps({"peak": peak, "loaded": loaded, "used": used, "left": now("RssAnon") - anonymous}))
"""


def weights(shape: DecoderShape) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Names and sizes of the decoder's tensors, as transformers has them."""
    d, stem = shape.hidden, "decoder.model.decoder"
    yield from (("enc_to_dec_proj.weight", (d, shape.text_hidden)), ("enc_to_dec_proj.bias", (d,)))
    for k in range(shape.codebooks):
        yield f"{stem}.embed_tokens.{k}.weight", (shape.codebook_size + 1, d)
        yield f"decoder.lm_heads.{k}.weight", (shape.codebook_size, d)
    norms = [f"{stem}.layer_norm"]
    for i in range(shape.layers):
        layer = f"{stem}.layers.{i}"
        for attention in (f"{layer}.self_attn", f"{layer}.encoder_attn"):
            yield from ((f"{attention}.{part}_proj.weight", (d, d)) for part in ("q", "k", "v", "out"))
            norms.append(f"{attention}_layer_norm")
        yield from ((f"{layer}.fc1.weight", (shape.ffn, d)), (f"{layer}.fc2.weight", (d, shape.ffn)))
        norms.append(f"{layer}.final_layer_norm")
    yield from ((f"{norm}.{part}", (d,)) for norm in norms for part in ("weight", "bias"))


def save_random(model: Any, shape: DecoderShape, folder: Path) -> int:
    """Write `model` with a decoder of another shape, in float16; it never lies in memory as a whole. Its decoder's size
    in bytes."""
    save_transformers(model, folder)
    config = json.loads((folder / "config.json").read_bytes())
    sizes = {"hidden_size": shape.hidden, "num_hidden_layers": shape.layers, "ffn_dim": shape.ffn}
    config["decoder"] |= sizes | {"num_attention_heads": shape.heads}
    (folder / "config.json").write_text(json.dumps(config))
    rest = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    rest = {name: tensor for name, tensor in rest.items() if name.startswith(("text_encoder.", "audio_encoder."))}
    save_file(rest, folder / "model-rest.safetensors")
    places, shard, total = dict.fromkeys(rest, "model-rest.safetensors"), {}, 0
    # Drawing billions of numbers would take minutes.
    table = torch.randn(2**22, generator=torch.Generator().manual_seed(0)).mul_(0.02).half()
    for name, size in weights(shape):
        count = torch.Size(size).numel()
        shard[name] = table.repeat(-(-count // len(table)))[:count].view(size).clone()
        places[name] = file = f"model-{total // SHARD}.safetensors"
        total += 2 * count
        if f"model-{total // SHARD}.safetensors" != file:
            save_file(shard, folder / file)
            shard = {}
    save_file(shard, folder / file)
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": places}))
    return total


def measured(folder: Path) -> dict[str, int]:
    command = [sys.executable, "-c", _MEASURE, str(folder)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert result.returncode == 0, result.stderr
    figures: dict[str, int] = json.loads(result.stdout)
    return figures


def cache_size(shape: DecoderShape) -> int:
    """Bytes of the keys and values that TorchDecoder reserves: two rows of 1504 columns, and a prompt of 64 tokens."""
    return 2 * shape.layers * 2 * shape.hidden * (2 * 1504 + 64)


def check(model: Any, shape: DecoderShape, folder: Path, slack: float) -> None:
    size = save_random(model, shape, folder)
    figures, cache = measured(folder), cache_size(shape)
    print({name: round(value / 2**20) for name, value in {**figures, "size": size, "cache": cache}.items()}, "MiB")
    assert figures["loaded"] >= 0.95 * (size + cache)  # it is really there, and not in pages of the file
    # What is added to the weights: a few matrices on their way, the codebooks' heads above all, and pages of the file.
    assert figures["peak"] - cache <= slack * size
    assert figures["left"] <= 0.1 * size


def test_a_model_is_loaded_once_and_given_back(tiny: Any, tmp_path: Path) -> None:
    check(tiny.model, SLICE, tmp_path, slack=1.3)


@pytest.mark.slow
def test_the_large_model_too(tiny: Any, tmp_path: Path) -> None:
    free: Any = available_memory(Path("/proc/meminfo"))
    if free < 12 * 2**30 or shutil.disk_usage(tmp_path).free < 10 * 2**30:
        pytest.skip("needs 12 GB of memory and 10 GB of disk space")
    try:
        check(tiny.model, replace(LARGE, text_hidden=SLICE.text_hidden), tmp_path, slack=1.05)
    finally:
        for file in tmp_path.iterdir():
            file.unlink()
