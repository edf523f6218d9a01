"""The many ways in which an adapter's file spells one weight of MusicGen."""

from __future__ import annotations

import re
from dataclasses import dataclass

from musicmed_desktop.engines.musicgen.checkpoint.names import AUDIOCRAFT_DECODER

# Of torch's data parallelism, of torch.compile, of peft, and of programs that call AudioCraft's LMModel lm.
_WRAPPERS = ("module.", "_orig_mod.", "base_model.model.", "lm.")
# transformers' MusicgenForCausalLM, MusicgenModel or MusicgenDecoder, trained alone
_INNER = (
    (r"^(model\.)?decoder\.(?=(layers|embed_tokens|layer_norm)\.)", "decoder.model.decoder."),
    (r"^(?=(layers|embed_tokens|layer_norm)\.)", "decoder.model.decoder."),
    (r"^lm_heads\.", "decoder.lm_heads."),
)


@dataclass(frozen=True)
class Key:
    """One name in an adapter's file, taken apart.

    `module` is the layer's name in the model that was trained. `part` is what the file has of it: "lora_A", "lora_B",
    "lora_bias" or another of peft's parameters; "weight" or "bias" where the layer was trained as a whole; "base" where
    the base's own was saved along with it.
    """

    module: str
    part: str

    @property
    def target(self) -> str:
        """The name of what it changes, as in `Checkpoint.tensors`; the text encoder's begin with "text_encoder."."""
        name = f"{self.module}.{'bias' if self.part == 'bias' else 'weight'}"
        for pattern, replacement in (*_INNER, *AUDIOCRAFT_DECODER):
            name = re.sub(pattern, replacement, name)
        return name


def parse_key(key: str) -> Key:
    """`key` taken apart, whether or not it has peft's prefix in front and the adapter's name inside."""
    while wrapper := next(filter(key.startswith, _WRAPPERS), None):
        key = key.removeprefix(wrapper)
    module, found, rest = key.partition(".lora_")
    if found:
        return Key(module, "lora_bias" if rest.endswith(".bias") else f"lora_{rest.partition('.')[0]}")
    module, _, part = re.sub(r"\.modules_to_save\.[^.]+", "", key).rpartition(".")
    return Key(module, "base" if re.search(r"\.(base_layer|original_module)$", module) else part)
