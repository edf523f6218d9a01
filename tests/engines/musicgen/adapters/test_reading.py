from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from musicmed_desktop.engines.musicgen.adapters import Adapter, LowRank, Whole, read_adapter
from musicmed_desktop.errors import UserError
from tests.fakes.adapters import save_adapter

WEIGHTS = "adapter_model.safetensors"
LAYER = "base_model.model.decoder.model.decoder.layers.0"
HEAD = "decoder.lm_heads.2.weight"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    targets = ["out_proj", "fc1", "fc2", "embed_tokens.1", "lm_heads.2", "enc_to_dec_proj"]
    return save_adapter(
        tmp_path_factory.mktemp("adapters"), target_modules=targets, modules_to_save=["encoder_attn_layer_norm"]
    )


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    """An adapter to spoil."""
    copy = tmp_path / "warm"
    copy.mkdir()
    for name in ("adapter_config.json", WEIGHTS):
        (copy / name).write_bytes((saved / name).read_bytes())
    return copy


def configure(folder: Path, **options: Any) -> None:
    file = folder / "adapter_config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | options))


def rewrite(folder: Path, change: Callable[[dict[str, Tensor]], dict[str, Tensor]]) -> None:
    save_file(change(load_file(folder / WEIGHTS)), folder / WEIGHTS)


def rename(folder: Path, *replacements: tuple[str, str]) -> None:
    def renamed(key: str) -> str:
        for old, new in replacements:
            key = key.replace(old, new)
        return key

    rewrite(folder, lambda tensors: {renamed(key): tensor for key, tensor in tensors.items()})


def assert_same(one: Adapter, other: Adapter) -> None:
    assert one.music.keys() == other.music.keys()
    for name, change in one.music.items():
        counterpart = other.music[name]
        if isinstance(change, LowRank):
            assert isinstance(counterpart, LowRank)
            assert change.scale == counterpart.scale
            assert torch.equal(change.up @ change.down, counterpart.up @ counterpart.down)
        else:
            assert isinstance(counterpart, Whole)
            assert torch.equal(change.tensor, counterpart.tensor)


def test_what_an_adapter_changes(saved: Path) -> None:
    adapter = read_adapter(saved)

    assert (adapter.name, adapter.folder, adapter.base) == (saved.name, saved, "")
    assert len(adapter.music) == 2 * 2 + 2 + 2 + 3 + 2 * 2
    assert not adapter.text
    assert {name: change.shape for name, change in adapter.music.items() if "layers" not in name} == {
        "decoder.model.decoder.embed_tokens.1.weight": (2049, 64),
        HEAD: (2048, 64),
        "enc_to_dec_proj.weight": (64, 48),
    }


def test_text_layers_are_kept_apart(tmp_path: Path) -> None:
    adapter = read_adapter(save_adapter(tmp_path, target_modules=["fc1", "k"]))
    assert set(adapter.text) == {f"encoder.block.{i}.layer.0.SelfAttention.k.weight" for i in (0, 1)}
    assert set(adapter.music) == {f"decoder.model.decoder.layers.{i}.fc1.weight" for i in (0, 1)}


PLAIN = [("base_model.model.", "")]
INNER = [("base_model.model.decoder.", "base_model.model.")]
NAMED = [(f"{part}.weight", f"{part}.mood.weight") for part in ("lora_A", "lora_B")]
NAMED += [(part, f"{part}.mood") for part in ("embedding_A", "embedding_B")]
NAMED += [("encoder_attn_layer_norm", "encoder_attn_layer_norm.modules_to_save.mood")]
AUDIOCRAFT = [
    ("decoder.model.decoder.layers", "transformer.layers"),
    ("decoder.model.decoder.embed_tokens", "emb"),
    ("decoder.lm_heads", "linears"),
    ("encoder_attn.", "cross_attention."),
    ("fc1", "linear1"),
    ("fc2", "linear2"),
    ("encoder_attn_layer_norm", "norm_cross"),
    ("enc_to_dec_proj", "condition_provider.conditioners.description.output_proj"),
]


@pytest.mark.parametrize(
    "replacements",
    [
        pytest.param(PLAIN, id="without peft's prefix"),
        pytest.param(NAMED, id="with the adapter's name"),
        pytest.param([*PLAIN, *NAMED], id="straight from state_dict()"),
        pytest.param([("base_model.", "module.base_model.")], id="saved under data parallelism"),
        pytest.param([("base_model.model.", "base_model.model._orig_mod.")], id="compiled"),
        pytest.param(INNER, id="MusicgenForCausalLM"),
        pytest.param([*PLAIN, *AUDIOCRAFT], id="AudioCraft"),
        pytest.param([*AUDIOCRAFT, ("base_model.model.", "base_model.model.lm.")], id="AudioCraft, wrapped"),
        pytest.param([*AUDIOCRAFT, ("base_model.model.", "lm.base_model.model.")], id="AudioCraft, inside"),
    ],
)
def test_one_adapter_in_many_spellings(replacements: list[tuple[str, str]], saved: Path, folder: Path) -> None:
    rename(folder, *replacements)
    assert_same(read_adapter(folder), read_adapter(saved))


def test_the_bases_own_weights_beside_the_adapter_are_left_out(saved: Path, folder: Path) -> None:
    own = {
        f"{LAYER}.fc1.base_layer.weight": torch.ones(2),
        f"{LAYER}.encoder_attn_layer_norm.original_module.weight": torch.ones(2),
    }
    rewrite(folder, lambda tensors: tensors | own)
    assert_same(read_adapter(folder), read_adapter(saved))


def test_the_older_format(saved: Path, folder: Path) -> None:
    torch.save(load_file(folder / WEIGHTS), folder / "adapter_model.bin")
    (folder / WEIGHTS).unlink()
    assert_same(read_adapter(folder), read_adapter(saved))


def test_the_options_of_an_older_peft(saved: Path, folder: Path) -> None:
    options = {"peft_type": "LORA", "r": 4, "lora_alpha": 6, "rank_pattern": None, "base_model_name_or_path": None}
    (folder / "adapter_config.json").write_text(json.dumps(options))
    assert_same(read_adapter(folder), read_adapter(saved))


@pytest.mark.parametrize(
    ("options", "scale"), [({}, 1.5), ({"use_rslora": True}, 3.0), ({"alpha_pattern": {"fc1": 1}}, 0.25)]
)
def test_scale(options: dict[str, Any], scale: float, folder: Path) -> None:
    configure(folder, **options)
    change = read_adapter(folder).music["decoder.model.decoder.layers.0.fc1.weight"]
    assert isinstance(change, LowRank)
    assert change.scale == scale


def test_a_weight_that_was_transposed_in_training_is_not_here(saved: Path, folder: Path) -> None:
    configure(folder, fan_in_fan_out=True)
    assert_same(read_adapter(folder), read_adapter(saved))


def test_base_by_its_name(folder: Path) -> None:
    configure(folder, base_model_name_or_path="/style/facebook/musicgen-small")
    assert read_adapter(folder).base == "/style/facebook/musicgen-small"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"use_dora": True}, "made with DoRA"),
        ({"lora_bias": True}, "made with LoRA with biases"),
        ({"bias": "all"}, "the biases of the model"),
        ({"peft_type": "IA3"}, "of the kind IA3"),
        ({"peft_type": "PROMPT_TUNING"}, "of the kind PROMPT_TUNING"),
        ({"peft_type": None}, "of no known kind"),
        ({"init_lora_weights": "pissa_niter_4"}, "a base that pissa_niter_4 had altered"),
        ({"base_model_name_or_path": "facebook/musicgen-melody-large"}, "made for musicgen-melody-large"),
        ({"base_model_name_or_path": "C:\\models\\musicgen-stereo-small"}, "made for musicgen-stereo-small"),
        ({"auto_mapping": {"base_model_class": "MusicgenMelodyForConditionalGeneration"}}, "made for MusicgenMelody"),
        ({"lora_alpha": None}, r"adapter_config\.json cannot be used: lora_alpha is missing or wrong"),
        ({"r": 0}, "r is missing or wrong"),
        ({"rank_pattern": {"(": 4}}, "rank_pattern is missing or wrong"),
        ({"r": 8}, r"do not fit the rank 8"),
    ],
)
def test_an_adapter_that_is_no_mergeable_lora(options: dict[str, Any], words: str, folder: Path) -> None:
    configure(folder, **options)
    with pytest.raises(UserError, match=words):
        read_adapter(folder)


def with_magnitude(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return tensors | {f"{LAYER}.fc1.lora_magnitude_vector": torch.ones(128)}


def with_bias(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return tensors | {f"{LAYER}.fc1.lora_B.bias": torch.ones(128)}


def with_two(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return tensors | {f"{LAYER}.fc1.lora_A.other.weight": torch.ones(4, 64)}


def with_convolution(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return tensors | {f"{LAYER}.fc1.lora_A.weight": torch.ones(4, 64, 1)}


def with_nan(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return tensors | {f"{LAYER}.fc1.lora_A.weight": torch.full((4, 64), torch.nan)}


def with_unknown(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return tensors | {f"{LAYER}.fc1.ia3_l": torch.ones(4)}


def without(part: str) -> Callable[[dict[str, Tensor]], dict[str, Tensor]]:
    return lambda tensors: {key: tensor for key, tensor in tensors.items() if not key.endswith(f"0.fc1.{part}.weight")}


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (with_magnitude, "made with DoRA"),
        (with_bias, "LoRA with biases"),
        (with_two, r"it has .*fc1\.lora_A.* twice"),
        (with_convolution, r"fc1 has the sizes \(4, 64, 1\)"),
        (with_nan, r"fc1\.lora_A\.weight holds values that are no numbers"),
        (with_unknown, "fc1 has ia3_l"),
        (without("lora_A"), r"layers\.0\.fc1 lacks lora_A"),
        (without("lora_B"), r"layers\.0\.fc1 lacks lora_B"),
        (lambda _: {}, "it is empty"),
    ],
)
def test_weights_that_are_no_lora(
    spoil: Callable[[dict[str, Tensor]], dict[str, Tensor]], words: str, folder: Path
) -> None:
    rewrite(folder, spoil)
    with pytest.raises(UserError, match=words):
        read_adapter(folder)


def test_one_layer_in_two_spellings(folder: Path) -> None:
    def twice(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
        return tensors | {key.replace("fc1", "linear1"): tensor.clone() for key, tensor in tensors.items()}

    rewrite(folder, twice)
    with pytest.raises(UserError, match=r"it has decoder\.model\.decoder\.layers\.\d\.fc1\.weight twice"):
        read_adapter(folder)


@pytest.mark.parametrize("form", [WEIGHTS, "adapter_model.bin"])
@pytest.mark.parametrize("share", [0, 0.001, 0.5, 0.99])
def test_a_truncated_file(form: str, share: float, folder: Path) -> None:
    torch.save(load_file(folder / WEIGHTS), folder / "adapter_model.bin")
    content = (folder / form).read_bytes()
    (folder / WEIGHTS).unlink()
    (folder / form).write_bytes(content[: int(share * len(content))])
    with pytest.raises(UserError, match=f"{form} cannot be used: it is not whole"):
        read_adapter(folder)


class Program:
    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return Path.touch, (Path("started"),)  # type: ignore[return-value]


def test_a_program_in_the_weights_is_not_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (folder / WEIGHTS).unlink()
    torch.save({"weight": Program()}, folder / "adapter_model.bin")
    with pytest.raises(UserError, match="no file of weights"):
        read_adapter(folder)
    assert not (folder / "started").exists()


def test_weights_among_other_things(folder: Path) -> None:
    (folder / WEIGHTS).unlink()
    torch.save({"weight": [1, 2]}, folder / "adapter_model.bin")
    with pytest.raises(UserError, match="other things than weights"):
        read_adapter(folder)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'"LORA"'])
def test_a_broken_description(content: bytes, folder: Path) -> None:
    (folder / "adapter_config.json").write_bytes(content)
    with pytest.raises(UserError, match=r"adapter_config\.json cannot be used"):
        read_adapter(folder)


def test_a_folder_without_an_adapter(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no adapter in") as caught:
        read_adapter(tmp_path)
    assert "adapter_config.json" in caught.value.hint


def test_a_folder_without_weights(folder: Path) -> None:
    (folder / WEIGHTS).unlink()
    with pytest.raises(UserError, match="has no weights"):
        read_adapter(folder)


def test_weights_that_are_a_folder(folder: Path) -> None:
    (folder / WEIGHTS).unlink()
    (folder / WEIGHTS).mkdir()
    with pytest.raises(UserError, match="is a folder, not a file"):
        read_adapter(folder)


def test_an_adapter_outlives_its_folder(saved: Path, folder: Path) -> None:
    adapter = read_adapter(folder)
    for file in folder.iterdir():
        file.write_bytes(b"")
        file.unlink()
    assert_same(adapter, read_adapter(saved))
