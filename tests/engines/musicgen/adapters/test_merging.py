from __future__ import annotations

import warnings
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import torch
from transformers import AutoTokenizer, MusicgenForConditionalGeneration

from musicmed_desktop.engines.musicgen.adapters import Adapter, LowRank, adapted, merged, read_adapter
from musicmed_desktop.engines.musicgen.checkpoint import Checkpoint
from musicmed_desktop.engines.musicgen.decoder import TorchDecoder
from musicmed_desktop.engines.musicgen.text import TextEncoder
from musicmed_desktop.errors import UserError
from tests.fakes.adapters import RECIPE, music_logits, randomize, save_adapter, trained
from tests.fakes.musicgen import as_checkpoint, save_tokenizer, tiny_transformers
from tests.fakes.tensors import Counted

TEXT_LAYERS = ["k", "v", "q", "o", "wi", "wo"]  # what the published recipe adds where the text encoder is trained
FC1 = "decoder.model.decoder.layers.1.fc1.weight"


def plain_model(checkpoint: Checkpoint) -> MusicgenForConditionalGeneration:
    """transformers' own model, without any adapter, with the checkpoint's weights."""
    model = tiny_transformers(seed=5)
    text = {f"text_encoder.{name}": tensor for name, tensor in checkpoint.text.tensors.items()}
    weights = dict(checkpoint.tensors) | text
    music = {name: weights[name] for name in model.state_dict() if name in weights and "audio_encoder" not in name}
    assert music.keys() >= {FC1, "enc_to_dec_proj.bias", "text_encoder.shared.weight"}
    model.load_state_dict(music, strict=False)
    return model


@pytest.fixture(scope="module")
def base() -> Checkpoint:
    return as_checkpoint(tiny_transformers())


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Adapter:
    return read_adapter(save_adapter(tmp_path_factory.mktemp("adapters") / "warm"))


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="published recipe"),
        pytest.param({"use_rslora": True}, id="rank stabilized"),
        pytest.param(
            {"rank_pattern": {"fc1": 2, r"self_attn\.(q|k)_proj": 6}, "alpha_pattern": {"layers.0.fc1": 9, "fc2": 1.5}},
            id="patterns",
        ),
        pytest.param(
            {"target_modules": ["q_proj"], "modules_to_save": ["fc1", "layer_norm", "lm_heads.2", "enc_to_dec_proj"]},
            id="whole layers",
        ),
        pytest.param({"target_modules": [*RECIPE, *TEXT_LAYERS]}, id="text encoder too"),
    ],
)
def test_transformers_with_our_weights_equals_peft(options: dict[str, Any], base: Checkpoint, tmp_path: Path) -> None:
    peft = trained(**options)
    peft.save_pretrained(str(tmp_path / "warm"))

    ours = music_logits(plain_model(adapted(base, read_adapter(tmp_path / "warm"), 1.0)))

    torch.testing.assert_close(ours, music_logits(peft), atol=1e-5, rtol=0)
    assert (ours - music_logits(tiny_transformers())).abs().max() > 0.1


def test_the_own_decoder_gives_the_logits_of_peft(base: Checkpoint, tmp_path: Path) -> None:
    peft = trained()
    peft.save_pretrained(str(tmp_path / "warm"))
    states = torch.randn(6, base.decoder.text_hidden, generator=torch.Generator().manual_seed(3))
    columns = torch.randint(0, 2048, (4, 9), generator=torch.Generator().manual_seed(4))

    decoder = TorchDecoder(base.decoder, merged(base.tensors, read_adapter(tmp_path / "warm"), 1.0))
    decoder.begin([states])
    ours = decoder.advance(columns)  # [2, 4, 2048]: without the prompt, with it

    with torch.no_grad():
        theirs = peft(
            encoder_outputs=(states[None],),
            attention_mask=torch.ones(1, 6, dtype=torch.long),
            decoder_input_ids=columns,
        ).logits
    torch.testing.assert_close(ours[1], theirs[:, -1], atol=1e-5, rtol=0)


def test_the_own_text_encoder_gives_the_states_of_peft(base: Checkpoint, tmp_path: Path) -> None:
    layers = r"text_encoder\.encoder\.(embed_tokens|.*\.(k|q|v|o|wi|wo))"
    peft = trained(target_modules=layers)
    with warnings.catch_warnings():  # peft saves a table of words for every model that it knows to have one
        warnings.simplefilter("ignore", UserWarning)
        peft.save_pretrained(str(tmp_path / "warm"))
    source = replace(base.text, tokenizer=save_tokenizer(tmp_path))
    prompt = "calm piano with warm strings"

    encoder = TextEncoder(adapted(replace(base, text=source), read_adapter(tmp_path / "warm"), 1.0).text)

    tokens = AutoTokenizer.from_pretrained(tmp_path)(prompt, return_tensors="pt")
    with torch.no_grad():
        theirs = peft.text_encoder(**tokens).last_hidden_state[0]
    torch.testing.assert_close(encoder.encode(prompt), theirs, atol=1e-5, rtol=0)
    assert (theirs - TextEncoder(source).encode(prompt)).abs().max() > 0.1


def test_an_adapter_that_transformers_saved(base: Checkpoint, tmp_path: Path) -> None:
    from peft import LoraConfig

    model = tiny_transformers()
    model.add_adapter(LoraConfig(r=4, target_modules=RECIPE), "bright")
    randomize(model)
    model.save_pretrained(tmp_path)

    ours = music_logits(plain_model(adapted(base, read_adapter(tmp_path), 1.0)))

    torch.testing.assert_close(ours, music_logits(model), atol=1e-5, rtol=0)


@pytest.mark.parametrize("name", ["decoder", "decoder.model", "decoder.model.decoder"])
def test_an_adapter_trained_on_an_inner_part_alone(name: str, base: Checkpoint, tmp_path: Path) -> None:
    targets = ["fc1", "q_proj", "embed_tokens.3"] + (["lm_heads.0"] if name == "decoder" else [])
    model = tiny_transformers()
    inner = trained(model.get_submodule(name), target_modules=targets, modules_to_save=["final_layer_norm"])
    inner.save_pretrained(str(tmp_path))

    adapter = read_adapter(tmp_path)
    ours = music_logits(plain_model(adapted(base, adapter, 1.0)))

    assert len(adapter.music) == 2 + 4 + 1 + 4 + (name == "decoder")
    torch.testing.assert_close(ours, music_logits(model), atol=1e-5, rtol=0)  # peft put its layers into it


@pytest.mark.skipif(find_spec("audiocraft") is None, reason="AudioCraft is not installed")
def test_an_adapter_trained_on_audiocraft(tmp_path: Path) -> None:
    from musicmed_desktop.engines.musicgen.checkpoint import read_checkpoint
    from tests.fakes.audiocraft import lm_config, save_audiocraft, tiny_lm

    base = read_checkpoint(save_audiocraft(tmp_path / "model"))
    lm = tiny_lm(lm_config(), tmp_path / "model" / "t5-base")
    targets = [
        "out_proj",
        "linear1",
        "linear2",
        "output_proj",
        *(f"{part}.{k}" for part in ("emb", "linears") for k in "0123"),
    ]
    peft = trained(lm, target_modules=targets, modules_to_save=["norm_cross", "out_norm"])
    peft.save_pretrained(str(tmp_path / "warm"))
    states = torch.randn(6, base.decoder.text_hidden, generator=torch.Generator().manual_seed(3))
    columns = torch.randint(0, 2048, (4, 9), generator=torch.Generator().manual_seed(4))

    adapter = read_adapter(tmp_path / "warm")
    decoder = TorchDecoder(base.decoder, merged(base.tensors, adapter, 1.0))
    decoder.begin([states])
    ours = decoder.advance(columns)[1]

    with torch.no_grad():
        heard = lm.condition_provider.conditioners["description"].output_proj(states)[None]
        theirs = lm(columns[None], [], {"description": (heard, torch.ones(1, 6))})[0, :, -1]
    assert len(adapter.music) == 2 * 4 + 1 + 8 + 2 * 2 + 2
    torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=0)


def test_half_the_strength_makes_half_the_change(recipe: Adapter, base: Checkpoint) -> None:
    half, full = (merged(base.tensors, recipe, strength) for strength in (0.5, 1.0))
    for name, tensor in base.tensors.items():
        torch.testing.assert_close(half[name] - tensor, (full[name] - tensor) / 2, atol=1e-6, rtol=0)


def test_half_the_strength_lies_halfway_to_a_whole_layer(base: Checkpoint, tmp_path: Path) -> None:
    adapter = read_adapter(save_adapter(tmp_path / "warm", target_modules=["q_proj"], modules_to_save=["fc1"]))
    half, full = (merged(base.tensors, adapter, strength)[FC1] for strength in (0.5, 1.0))
    torch.testing.assert_close(half, (base.tensors[FC1] + full) / 2)
    assert not torch.equal(full, base.tensors[FC1])


def test_no_strength_is_the_base_bit_for_bit(recipe: Adapter, base: Checkpoint) -> None:
    mix = adapted(base, recipe, 0.0)
    assert mix.tensors.keys() == base.tensors.keys()
    assert all(torch.equal(mix.tensors[name], tensor) for name, tensor in base.tensors.items())


def test_the_base_stays_as_it_was_while_adapters_come_and_go(recipe: Adapter, base: Checkpoint, tmp_path: Path) -> None:
    before = {name: tensor.clone() for name, tensor in base.tensors.items()}
    other = read_adapter(save_adapter(tmp_path / "cool", seed=2))

    warm = dict(merged(base.tensors, recipe, 1.0))
    cool = dict(merged(base.tensors, other, 1.0))
    warm_again = merged(base.tensors, recipe, 1.0)

    assert not torch.equal(warm[FC1], cool[FC1])
    assert all(torch.equal(tensor, warm_again[name]) for name, tensor in warm.items())
    assert all(torch.equal(tensor, base.tensors[name]) for name, tensor in before.items())


@pytest.mark.parametrize("strength", [-0.01, 1.01, float("nan")])
def test_a_strength_beyond_its_range(strength: float, recipe: Adapter, base: Checkpoint) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        merged(base.tensors, recipe, strength)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_the_sum_is_taken_in_float32_and_has_the_type_of_the_base(
    dtype: torch.dtype, recipe: Adapter, base: Checkpoint
) -> None:
    coarse = MappingProxyType({name: tensor.to(dtype) for name, tensor in base.tensors.items()})
    fine = MappingProxyType({name: tensor.float() for name, tensor in coarse.items()})

    mix, exact = merged(coarse, recipe, 0.7), merged(fine, recipe, 0.7)

    assert all(torch.equal(mix[name], exact[name].to(dtype)) for name in coarse)


def test_an_adapter_saved_in_bfloat16(base: Checkpoint, tmp_path: Path) -> None:
    peft = trained()
    for name, weight in peft.named_parameters():
        if ".lora_" in name:
            weight.data = weight.data.bfloat16()
    peft.save_pretrained(str(tmp_path / "warm"))
    adapter = read_adapter(tmp_path / "warm")
    change = adapter.music[FC1]
    assert isinstance(change, LowRank)

    mix = merged(base.tensors, adapter, 1.0)[FC1]

    assert change.up.dtype == torch.bfloat16
    expected = base.tensors[FC1] + 1.5 * change.up.float() @ change.down.float()
    torch.testing.assert_close(mix, expected, atol=1e-6, rtol=0)
    assert mix.dtype == torch.float32


def test_weights_are_read_only_when_they_are_asked_for(recipe: Adapter, base: Checkpoint) -> None:
    counted = Counted(base.tensors)
    mix = merged(counted, recipe, 1.0)
    assert len(set(counted.reads)) < len(recipe.music) / 2  # one of each kind, for its size
    counted.reads.clear()

    assert FC1 in mix
    assert len(mix) == len(base.tensors)
    assert not counted.reads
    assert torch.equal(
        mix["decoder.model.decoder.layer_norm.weight"], base.tensors["decoder.model.decoder.layer_norm.weight"]
    )
    assert counted.reads == ["decoder.model.decoder.layer_norm.weight"]


def test_an_adapter_for_a_larger_model(base: Checkpoint, tmp_path: Path) -> None:
    larger = tiny_transformers(hidden=96, layers=3, heads=6, ffn=192)
    adapter = read_adapter(save_adapter(tmp_path / "warm", larger, target_modules=["fc1"]))

    with pytest.raises(UserError) as caught:
        merged(base.tensors, replace(adapter, base="facebook/musicgen-medium"), 1.0)

    assert "warm does not fit this model" in caught.value.title
    assert "fc1.weight is 192 x 96 there and 128 x 64 in the model" in caught.value.title
    assert "made for facebook/musicgen-medium" in caught.value.hint


def test_an_adapter_for_a_model_with_more_layers(base: Checkpoint, tmp_path: Path) -> None:
    adapter = read_adapter(save_adapter(tmp_path / "warm", tiny_transformers(layers=3), target_modules=["fc1"]))
    with pytest.raises(UserError, match=r"the model has no decoder\.model\.decoder\.layers\.2\.fc1\.weight"):
        merged(base.tensors, adapter, 1.0)


def test_an_adapter_for_a_larger_text_encoder(base: Checkpoint, tmp_path: Path) -> None:
    larger = tiny_transformers(text_hidden=56)
    adapter = read_adapter(save_adapter(tmp_path / "warm", larger, target_modules=["wi"]))
    with pytest.raises(UserError, match=r"wi\.weight is 64 x 56 there and 64 x 48 in the model"):
        adapted(base, adapter, 1.0)


def test_each_kind_of_weight_is_looked_at_at_once(recipe: Adapter, base: Checkpoint) -> None:
    odd = {name: tensor[:, :8] if ".fc2." in name else tensor for name, tensor in base.tensors.items()}
    with pytest.raises(UserError, match=r"fc2\.weight is 64 x 128 there and 64 x 8 in the model"):
        merged(odd, recipe, 1.0)


def test_a_single_layer_of_another_size_is_found_when_it_is_read(recipe: Adapter, base: Checkpoint) -> None:
    odd = {name: tensor[:, :8] if name == FC1.replace("1", "0", 1) else tensor for name, tensor in base.tensors.items()}
    with pytest.raises(UserError, match=r"layers\.0\.fc1\.weight is 128 x 64 there and 128 x 8 in the model"):
        dict(merged(odd, recipe, 1.0))
