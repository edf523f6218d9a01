"""Ways in which the files of a model come broken, by chance or by ill will; each takes a folder of its own."""

from __future__ import annotations

import json
import os
import random
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

CONFIG, TOKENIZER, WEIGHTS = "config.json", "tokenizer.json", "model.safetensors"
NEEDED = (CONFIG, TOKENIZER, WEIGHTS)
Breaking = Callable[[random.Random, Path], object]

# Numbers that the shapes of tensors tell of; the number of heads, say, does not show.
_NUMBERS = (
    *(f"decoder.{name}" for name in ("hidden_size", "ffn_dim", "num_hidden_layers", "vocab_size", "num_codebooks")),
    *(f"audio_encoder.{name}" for name in ("num_filters", "hidden_size", "codebook_size", "sampling_rate")),
    *(
        f"audio_encoder.{name}"
        for name in ("num_lstm_layers", "kernel_size", "last_kernel_size", "residual_kernel_size")
    ),
    *(f"text_encoder.{name}" for name in ("d_model", "d_ff", "d_kv", "num_layers", "num_heads", "vocab_size")),
)
_NO_NUMBERS: tuple[Any, ...] = (0, -1, 2**63, 10**30, 3.5, "64", True, [], {}, float("nan"), float("inf"), [8] * 5000)
_FOREIGN = (
    b"",
    b"Dear Ada,\n",
    b"\x89PNG\r\n\x1a\n" + bytes(500),
    b"PK\x03\x04" + bytes(99),
    b"\xff\xfe{\0}\0",
    b"null",
)
_ODD_JSON = (
    b'{"a":' * 100_000,
    b"[" * 200_000,
    b'{"model_type": "musicgen", "x": ' + b"[" * 400 + b"]" * 400 + b"}",
    b'{"model_type": "musicgen", "x": NaN}',
    b'{"model_type": "musicgen", "x": 1e999}',
    b'{"model_type": "musicgen", "x": "\\ud800"}',
    b'{"model_type": "musicgen", "decoder": "' + b"A" * 900_000 + b'"}',
    b'{"model_type": "musicgen", "x": ' + b"9" * 100_000 + b"}",
    b'\xef\xbb\xbf{"model_type": "musicgen"}',
)


def truncated(chance: random.Random, folder: Path) -> None:
    """Cut off anywhere; the last two letters of JSON may be white space."""
    file = folder / chance.choice([*NEEDED, "generation_config.json", "tokenizer_config.json"])
    put(file, file.read_bytes()[: chance.randrange(file.stat().st_size - 2)])


def missing(chance: random.Random, folder: Path) -> None:
    (folder / chance.choice(NEEDED)).unlink()


def renamed(chance: random.Random, folder: Path) -> None:
    file = folder / chance.choice(NEEDED)
    file.rename(
        file.with_name(chance.choice(["", "Copy of ", "x"]) + file.name + chance.choice([".part", " (1)", "~"]))
    )


def foreign(chance: random.Random, folder: Path) -> None:
    put(folder / chance.choice(NEEDED), chance.choice([*_FOREIGN, chance.randbytes(chance.randrange(5000))]))


def another_kind(chance: random.Random, folder: Path) -> None:
    change(folder, lambda config: config.update(model_type=chance.choice(["llama", "musicgen_melody", 3, None, "t5"])))


def other_numbers(chance: random.Random, folder: Path) -> None:
    section, name = chance.choice(_NUMBERS).split(".")
    change(folder, lambda config: config[section].update({name: config[section][name] + chance.randrange(1, 9)}))


def no_numbers(chance: random.Random, folder: Path) -> None:
    section, name = chance.choice(_NUMBERS).split(".")
    change(folder, lambda config: config[section].update({name: chance.choice(_NO_NUMBERS)}))


def odd_json(chance: random.Random, folder: Path) -> None:
    put(folder / chance.choice([CONFIG, TOKENIZER, "tokenizer_config.json"]), chance.choice(_ODD_JSON[:3]))
    put(folder / CONFIG, chance.choice(_ODD_JSON))


def odd_tokenizer(chance: random.Random, folder: Path) -> None:
    """As nobody's library expects it, and with words beyond the text encoder's."""
    tokens = json.loads((folder / TOKENIZER).read_text())
    change_to: dict[str, Any] = {
        "normalizer": {"type": "Precompiled", "precompiled_charsmap": "//////8="},
        "model": {**tokens["model"], "vocab": [*tokens["model"]["vocab"], *([f"w{n}", -9.0] for n in range(99))]},
        "version": "9.9",
        "pre_tokenizer": {"type": "None of these"},
    }
    key = chance.choice(list(change_to))
    put(folder / TOKENIZER, json.dumps({**tokens, key: change_to[key]}).encode())


def swollen(chance: random.Random, folder: Path) -> None:
    """Gigabytes of nothing, which take no room on this disk."""
    file = folder / chance.choice([CONFIG, TOKENIZER, "generation_config.json"])
    put(file, file.read_bytes())
    os.truncate(file, chance.randrange(10**9, 10**10))


def longer(chance: random.Random, folder: Path) -> None:
    put(folder / WEIGHTS, (folder / WEIGHTS).read_bytes() + chance.randbytes(chance.randrange(1, 1000)))


def huge_header(chance: random.Random, folder: Path) -> None:
    length = chance.choice([2**63, 2**64 - 1, 2**32, 10**8, 5_000_000, chance.randrange(2**64)])
    content = (folder / WEIGHTS).read_bytes()[8:]
    put(folder / WEIGHTS, struct.pack("<Q", length) + content)


def long_header(chance: random.Random, folder: Path) -> None:
    """It is all there: white space, or sections in sections."""
    header = chance.choice([b"{" + b" " * 5_000_000 + b"}", b'{"a":' * 1_000_000, b"[" * 3_999_999])
    put(folder / WEIGHTS, struct.pack("<Q", len(header)) + header)


def flipped_header(chance: random.Random, folder: Path) -> None:
    """A byte of what the header says of the decoder, or of the header's length."""
    content = bytearray((folder / WEIGHTS).read_bytes())
    start = content.index(b'"decoder.')
    place = chance.choice([chance.randrange(8), chance.randrange(start, start + 400)])
    content[place] ^= 1 << chance.randrange(8)
    put(folder / WEIGHTS, bytes(content))


def other_shapes(chance: random.Random, folder: Path) -> None:
    """A matrix on its side, or two tensors that have changed places."""

    def swap(header: dict[str, Any]) -> None:
        uneven = [name for name in needed(header) if len(set(header[name]["shape"])) > 1]
        one = chance.choice(uneven)
        other = chance.choice([name for name in uneven if header[name]["shape"] != header[one]["shape"]])
        if chance.random() < 0.5:
            header[one]["shape"].reverse()
        else:
            header[one], header[other] = header[other], header[one]

    change_header(folder, swap)


def odd_offsets(chance: random.Random, folder: Path) -> None:
    """Beyond the file, below zero, one over the other, or with holes between."""
    step = chance.choice([-(2**40), -2, 2, 64, 2**40, 2**64])

    def move(header: dict[str, Any]) -> None:
        entry = header[chance.choice(needed(header))]
        end = chance.choice([0, 1])
        entry["data_offsets"][end] += step

    change_header(folder, move)


def odd_entries(chance: random.Random, folder: Path) -> None:
    odd = (
        {"dtype": "I16"},
        {"dtype": "X7"},
        {"shape": [-8, 8]},
        {"shape": [2**40, 2**40]},
        {"shape": "8"},
        {"dtype": 3},
    )

    def change_one(header: dict[str, Any]) -> None:
        header[chance.choice(needed(header))].update(chance.choice(odd))

    change_header(folder, change_one)


def lost_tensor(chance: random.Random, folder: Path) -> None:
    """It is still in the file, but under another name; a longer name may be in letters that end a line."""

    def rename(header: dict[str, Any]) -> None:
        name = chance.choice(needed(header))
        header[name + chance.choice(["x", "\n\x1b[31m", "A" * 10_000])] = header.pop(name)

    change_header(folder, rename)


def tensor_twice(chance: random.Random, folder: Path) -> None:
    content = (folder / WEIGHTS).read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    name = chance.choice(needed(json.loads(content[8 : 8 + length]))).encode()
    twice = b'{"%s":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},' % name + content[9 : 8 + length]
    put(folder / WEIGHTS, struct.pack("<Q", len(twice)) + twice + content[8 + length :])


def only_pickles(chance: random.Random, folder: Path) -> None:
    (folder / WEIGHTS).rename(folder / chance.choice(["pytorch_model.bin", "model.pt", "weights.ckpt", "a.pkl"]))


def put(file: Path, content: bytes) -> None:
    """Anew, since the old file may be a link to what other tests use."""
    file.unlink(missing_ok=True)
    file.write_bytes(content)


def change(folder: Path, changing: Callable[[dict[str, Any]], object]) -> None:
    config = json.loads((folder / CONFIG).read_text())
    changing(config)
    put(folder / CONFIG, json.dumps(config).encode())


def needed(header: dict[str, Any]) -> list[str]:
    """The tensors without which there is no music; the codec's encoder is not used."""
    return [name for name in header if name.startswith(("decoder.", "audio_encoder.decoder.", "enc_to_dec"))]


def change_header(folder: Path, changing: Callable[[dict[str, Any]], object]) -> None:
    content = (folder / WEIGHTS).read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    changing(header)
    written = json.dumps(header).encode()
    put(folder / WEIGHTS, struct.pack("<Q", len(written)) + written + content[8 + length :])


BROKEN_FILES: tuple[Breaking, ...] = (
    *(truncated, missing, renamed, foreign, another_kind, other_numbers, no_numbers, odd_json, odd_tokenizer, swollen),
    *(longer, huge_header, long_header, flipped_header, other_shapes, odd_offsets, odd_entries, lost_tensor),
    *(tensor_twice, only_pickles),
)
