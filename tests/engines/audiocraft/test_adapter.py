"""Adapters that peft trained on AudioCraft's language model; peft itself says what they should do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from musicmed_desktop.engines.audiocraft import AudioCraftEngine
from musicmed_desktop.engines.audiocraft.adapter import adapt
from musicmed_desktop.errors import UserError
from tests.fakes.audiocraft import TEXT_ENCODER, lm_config, tiny_lm

LAYERS = ["linear1", "linear2", "out_proj"]
Logits = Callable[[Any], torch.Tensor]


@pytest.fixture
def fresh(folder: Path) -> Callable[..., Any]:
    """AudioCraft's language model of the session's tiny model, or of another size."""
    return lambda **sizes: tiny_lm(lm_config(**sizes), folder / TEXT_ENCODER)


@torch.no_grad()
def logits(lm: Any) -> torch.Tensor:
    from audiocraft.modules.conditioners import ConditioningAttributes

    codes = torch.randint(0, 2048, (1, 4, 12), generator=torch.Generator().manual_seed(0))
    prompt = ConditioningAttributes(text={"description": "calm piano"})
    output = lm.compute_predictions(codes, [prompt])
    return torch.where(output.mask[..., None], output.logits, 0.0)


def trained(lm: Any, folder: Path, **options: Any) -> torch.Tensor:
    """Train (at random) an adapter on `lm`, save it as peft does, and return what the model says with it."""
    from peft import LoraConfig, get_peft_model

    tuned: Any = get_peft_model(lm, LoraConfig(r=4, lora_alpha=8, target_modules=LAYERS, **options))
    with torch.no_grad():
        for name, weight in tuned.named_parameters():
            if "lora_B" in name:
                weight.normal_(0.0, 0.2)
    tuned.save_pretrained(folder)
    return logits(tuned.base_model.model.eval())


def test_an_adapter_does_what_peft_does_with_it(fresh: Callable[..., Any], tmp_path: Path) -> None:
    plain, expected = logits(fresh()), trained(fresh(), tmp_path / "calmer", lora_dropout=0.1)
    assert (plain - expected).abs().max() > 0.1
    lm = fresh()
    adapt(lm, tmp_path / "calmer", 1.0)
    torch.testing.assert_close(logits(lm), expected, rtol=1e-4, atol=1e-4)


def test_an_adapter_saved_without_pefts_model_around_it(fresh: Callable[..., Any], tmp_path: Path) -> None:
    from peft import LoraConfig, get_peft_model_state_dict, inject_adapter_in_model
    from safetensors.torch import save_file

    config = LoraConfig(r=4, target_modules=LAYERS, init_lora_weights=False)
    tuned: Any = inject_adapter_in_model(config, fresh())
    config.save_pretrained(str(tmp_path))
    save_file(get_peft_model_state_dict(tuned), tmp_path / "adapter_model.safetensors")
    lm = fresh()
    adapt(lm, tmp_path, 1.0)
    torch.testing.assert_close(logits(lm), logits(tuned.eval()), rtol=1e-4, atol=1e-4)


def test_strength_scales_what_it_changes(fresh: Callable[..., Any], tmp_path: Path) -> None:
    trained(fresh(), tmp_path)
    name = "transformer.layers.0.linear1"
    weights = {}
    for strength in (0.0, 0.5, 1.0):
        lm = fresh()
        adapt(lm, tmp_path, strength)
        weights[strength] = lm.get_submodule(name).base_layer.weight.detach()
    plain = fresh().get_submodule(name).weight.detach()
    torch.testing.assert_close(weights[0.0], plain, rtol=0, atol=0)
    assert (weights[1.0] - plain).abs().max() > 0.01
    torch.testing.assert_close(weights[0.5], (plain + weights[1.0]) / 2)


def test_the_engine_tells_its_adapter(fresh: Callable[..., Any], folder: Path, tmp_path: Path) -> None:
    trained(fresh(), tmp_path / "calmer")
    engine = AudioCraftEngine(folder, device="cpu", adapter=tmp_path / "calmer", strength=0.5)
    assert engine.version == "1.3.0 (tiny with calmer at 0.5)"


@pytest.mark.parametrize("sizes", [{"hidden": 32}, {"layers": 1}, {"layers": 3}])
def test_an_adapter_of_another_model_is_refused(
    fresh: Callable[..., Any], tmp_path: Path, sizes: dict[str, int]
) -> None:
    trained(fresh(**sizes), tmp_path / "other")
    with pytest.raises(UserError, match="other does not fit this model"):
        adapt(fresh(), tmp_path / "other", 1.0)


def test_an_adapter_for_other_layers_is_refused(fresh: Callable[..., Any], tmp_path: Path) -> None:
    from peft import LoraConfig

    LoraConfig(target_modules=["q_proj"]).save_pretrained(str(tmp_path / "other"))
    with pytest.raises(UserError, match="other does not fit this model"):
        adapt(fresh(), tmp_path / "other", 1.0)


def test_what_is_no_lora_adapter_is_refused(fresh: Callable[..., Any], tmp_path: Path) -> None:
    from peft import IA3Config

    with pytest.raises(UserError, match="does not hold an adapter"):
        adapt(fresh(), tmp_path, 1.0)
    IA3Config(target_modules=["linear1"], feedforward_modules=[]).save_pretrained(str(tmp_path))
    with pytest.raises(UserError, match="not a LoRA adapter"):
        adapt(fresh(), tmp_path, 1.0)
