"""Adapters made by peft itself, with random weights in place of a training."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from torch import Tensor, nn

from tests.fakes.musicgen import tiny_transformers

ATTENTION = ["q_proj", "k_proj", "v_proj", "out_proj"]
# What musicgen-dreamboothing trains (https://github.com/ylacombe/musicgen-dreamboothing).
RECIPE = [
    *ATTENTION,
    *("fc1", "fc2", "enc_to_dec_proj"),
    *(f"{part}.{k}" for part in ("lm_heads", "embed_tokens") for k in range(4)),
]


def trained(model: nn.Module | None = None, *, seed: int = 1, **options: Any) -> PeftModel:
    """`model`, or the tiny one, with a LoRA adapter that changes its logits; `options` are those of LoraConfig."""
    usual: dict[str, Any] = {"r": 4, "lora_alpha": 6, "lora_dropout": 0.05, "target_modules": RECIPE}
    config = LoraConfig(**usual | options)
    with warnings.catch_warnings():  # peft asks transformers for what has another name by now
        warnings.simplefilter("ignore", FutureWarning)
        adapted = get_peft_model(model or tiny_transformers(), config)
    randomize(adapted, seed)
    return adapted.eval()


def loaded(model: nn.Module, folder: Path) -> PeftModel:
    """`model` with the adapter in `folder`, as peft reads it."""
    with warnings.catch_warnings():  # as in `trained`
        warnings.simplefilter("ignore", FutureWarning)
        return PeftModel.from_pretrained(model, str(folder)).eval()  # type: ignore[no-any-return, unused-ignore]


def randomize(model: nn.Module, seed: int = 1) -> None:
    """Give all that an adapter trains a random value, as if it had learnt something."""
    generator = torch.Generator().manual_seed(seed)
    for weight in model.parameters():
        if weight.requires_grad:
            weight.data.add_(torch.randn(weight.shape, generator=generator), alpha=0.05)


def save_adapter(folder: Path, model: nn.Module | None = None, **options: Any) -> Path:
    """Write the folder of an adapter as peft does."""
    trained(model, **options).save_pretrained(str(folder))
    return folder


@torch.no_grad()
def music_logits(model: Any) -> Tensor:
    """What a model of transformers, plain or with an adapter, answers to one prompt and 12 columns; [4, 12, 2048]."""
    generator = torch.Generator().manual_seed(7)
    columns = torch.randint(0, 2048, (4, 12), generator=generator)
    prompt = torch.randint(3, 50, (1, 6), generator=generator)
    logits: Tensor = model(input_ids=prompt, attention_mask=torch.ones_like(prompt), decoder_input_ids=columns).logits
    return logits
