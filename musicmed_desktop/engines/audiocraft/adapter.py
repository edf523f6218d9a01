"""A LoRA adapter that was trained with peft on AudioCraft's own language model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from musicmed_desktop.errors import UserError

_CONFIG = "adapter_config.json"
_PREFIX = "base_model.model."  # in the names of adapters that peft saved from a PeftModel


def adapt(lm: Any, folder: Path, strength: float) -> None:
    """Merge the adapter in `folder` into AudioCraft's `lm`, at `strength` 0 to 1.

    Raises UserError where it is none of peft's, or was made for another model.
    """
    from peft import LoraConfig, PeftConfig, inject_adapter_in_model
    from peft.tuners.lora import LoraLayer

    if not (folder / _CONFIG).is_file():
        raise UserError(f"The folder {folder} does not hold an adapter.", f"Choose a folder with the file {_CONFIG}.")
    config = PeftConfig.from_pretrained(str(folder))
    if not isinstance(config, LoraConfig):
        raise UserError(f"The adapter {folder.name} is not a LoRA adapter.", "Choose an ordinary LoRA adapter.")
    try:
        inject_adapter_in_model(config, lm)
        _fill(lm, folder)
    except (ValueError, RuntimeError) as error:
        raise UserError(
            f"The adapter {folder.name} does not fit this model.",
            "Choose one that was trained on this model with AudioCraft.",
            str(error),
        ) from error
    for layer in lm.modules():
        if isinstance(layer, LoraLayer):
            layer.set_scale("default", strength)
            layer.merge()
    lm.eval()


def _fill(lm: Any, folder: Path) -> None:
    """Load the adapter's weights; raises ValueError where some are missing or left over."""
    from peft import load_peft_weights, set_peft_model_state_dict

    weights = load_peft_weights(str(folder), device="cpu", local_files_only=True)
    result: Any = set_peft_model_state_dict(lm, {key.removeprefix(_PREFIX): weight for key, weight in weights.items()})
    missing = [key for key in result.missing_keys if ".lora_" in key]
    if missing or result.unexpected_keys:
        raise ValueError(f"missing: {', '.join(missing)}; left over: {', '.join(result.unexpected_keys)}")
