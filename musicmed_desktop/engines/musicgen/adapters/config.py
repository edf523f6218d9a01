"""How an adapter was trained: peft's adapter_config.json."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from re import Pattern
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, FiniteFloat, PositiveInt, ValidationError

from musicmed_desktop.disk import unreadable
from musicmed_desktop.errors import UserError

CONFIG = "adapter_config.json"

_Number = TypeVar("_Number", int, float)

# What changes more than W + scale * B @ A; peft 0.21, LoraConfig.
_BEYOND_LORA = {
    "use_dora": "DoRA",
    "lora_bias": "LoRA with biases",
    "use_qalora": "QALoRA",
    "use_bdlora": "BD-LoRA",
    "alora_invocation_tokens": "activated LoRA",
    "arrow_config": "Arrow",
    "kasa_config": "KaSA",
    "velora_config": "VeLoRA",
    "monteclora_config": "MonteCLoRA",
    "layer_replication": "LoRA with replicated layers",
    "target_parameters": "LoRA on single parameters",
    "trainable_token_indices": "LoRA with trained tokens",
}
# These begin by taking something out of the base, so that the saved part does not fit the base as it was published.
_ALTER_BASE = ("pissa", "olora", "corda", "loftq", "lora_ga")
# Relatives of MusicGen that have layers of the same names and sizes.
_OTHER_MODELS = re.compile(r"musicgen-?_?(melody|stereo|style)|audiogen|magnet|jasco", re.IGNORECASE)


class AdapterConfig(BaseModel):
    """What merging must know of it. The patterns are regular expressions of layers that differ from the rest."""

    model_config = ConfigDict(frozen=True)

    r: PositiveInt
    lora_alpha: FiniteFloat
    use_rslora: bool = False
    rank_pattern: dict[Pattern[str], PositiveInt] | None = None
    alpha_pattern: dict[Pattern[str], FiniteFloat] | None = None
    base_model_name_or_path: str | None = None

    def rank(self, module: str) -> int:
        return _of_module(module, self.rank_pattern, self.r)

    def scale(self, module: str) -> float:
        """alpha / r, or alpha / sqrt(r) where it was trained with rank stabilization (arXiv 2312.03732)."""
        alpha, rank = _of_module(module, self.alpha_pattern, self.lora_alpha), self.rank(module)
        return alpha / (rank**0.5 if self.use_rslora else rank)


def read_config(folder: Path) -> AdapterConfig:
    """Raises UserError where it is no LoRA, needs more than merging, or was made for a relative of MusicGen."""
    path = folder / CONFIG
    try:
        fields = json.loads(path.read_bytes())
        _check_kind(folder.name, fields)
        return AdapterConfig.model_validate(fields)
    except FileNotFoundError as error:
        raise UserError(
            f"There is no adapter in {folder}.", f"Choose the folder that holds {CONFIG}.", str(error)
        ) from None
    except OSError as error:
        raise unreadable(path, error) from error
    except ValidationError as error:
        wrong = ", ".join(".".join(map(str, each["loc"][:1])) for each in error.errors())
        raise broken(path, f"{wrong} is missing or wrong", str(error)) from error
    except ValueError as error:  # neither UTF-8 nor JSON
        raise broken(path, "it is not the JSON that peft writes", str(error)) from error


def broken(path: Path, why: str, detail: str = "") -> UserError:
    """What to say about a file that cannot be what it should be."""
    return UserError(f"{path} cannot be used: {why}.", "Copy or download the adapter again.", detail)


def _check_kind(name: str, fields: Any) -> None:
    if not isinstance(fields, Mapping):
        raise ValueError("not an object")
    kind = fields.get("peft_type")
    if kind != "LORA":
        raise unsupported(name, f"of the kind {kind}" if kind else "of no known kind")
    for option, technique in _BEYOND_LORA.items():
        if fields.get(option):
            raise unsupported(name, f"made with {technique}")
    if fields.get("bias", "none") != "none":
        raise unsupported(name, "made with LoRA and the biases of the model")
    start = fields.get("init_lora_weights")
    if isinstance(start, str) and start.lower().startswith(_ALTER_BASE):
        raise unsupported(name, f"made from a base that {start} had altered")
    if model := _other_model(fields):
        raise UserError(f"The adapter {name} was made for {model}.", "Choose one that was made for MusicGen itself.")


def unsupported(name: str, kind: str) -> UserError:
    return UserError(f"The adapter {name} is {kind}, which is not supported.", "Choose an ordinary LoRA adapter.")


def _other_model(fields: Mapping[str, Any]) -> str | None:
    """The relative of MusicGen that the adapter was trained on, by the model's name or by its class."""
    path, classes = fields.get("base_model_name_or_path"), fields.get("auto_mapping")
    named = re.split(r"[/\\]", path)[-1] if isinstance(path, str) else ""
    trained = classes.get("base_model_class") if isinstance(classes, Mapping) else ""
    return next((text for text in (named, str(trained)) if _OTHER_MODELS.search(text)), None)


def _of_module(module: str, pattern: Mapping[Pattern[str], _Number] | None, otherwise: _Number) -> _Number:
    """As peft's get_pattern_key: the first pattern that matches the end of the name, beginning behind a dot."""
    for key, value in (pattern or {}).items():
        if re.match(rf"(.*\.)?({key.pattern})$", module):
            return value
    return otherwise
