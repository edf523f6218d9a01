"""Real AudioCraft models with few weights, all of them random, in the files that AudioCraft exports."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import torch
from omegaconf import DictConfig, OmegaConf
from transformers import T5Config, T5EncoderModel

from musicmed_desktop.engines.audiocraft.loading import build_lm, quiet
from musicmed_desktop.engines.audiocraft.standins import import_audiocraft
from musicmed_desktop.engines.musicgen.checkpoint.from_audiocraft import CODEC_FILE, DECODER_FILE
from tests.fakes.musicgen import save_tokenizer

TEXT_ENCODER = "t5-base"  # as the published models name it; here the name of a folder beside their files

# The keys are those of AudioCraft's published text-to-music models; only sizes are small.
_LM = """
device: cpu
dtype: float32
lm_model: transformer_lm
codebooks_pattern:
  modeling: delay
  delay: {delays: [0, 1, 2, 3], flatten_first: 0, empty_initial: 0}
transformer_lm:
  n_q: 4
  card: 2048
  dim: 64
  num_heads: 4
  num_layers: 2
  hidden_scale: 4
  dropout: 0.0
  emb_lr: null
  activation: gelu
  norm_first: true
  bias_ff: false
  bias_attn: false
  bias_proj: false
  past_context: null
  causal: true
  custom: false
  memory_efficient: true
  attention_as_float32: false
  positional_embedding: sin
  xpos: false
  checkpointing: none
  weight_init: gaussian
  depthwise_init: current
  zero_bias_init: true
  norm: layer_norm
  cross_attention: false
  qk_layer_norm: false
  qk_layer_norm_cross: false
  attention_dropout: null
  kv_repeat: 1
  two_step_cfg: false
classifier_free_guidance: {training_dropout: 0.3, inference_coef: 3.0}
attribute_dropout: {}
fuser:
  cross_attention_pos_emb: false
  cross_attention_pos_emb_scale: 1
  sum: []
  prepend: []
  cross: [description]
  input_interpolate: []
conditioners:
  args: {merge_text_conditions_p: 0.25, drop_desc_p: 0.5}
  description:
    model: t5
    t5: {name: t5-base, finetune: false, word_dropout: 0.3, normalize_text: false}
dataset: {segment_duration: 30}
interleave_stereo_codebooks: {use: false}
"""
_CODEC = """
device: cpu
compression_model: encodec
encodec: {autoencoder: seanet, quantizer: rvq, sample_rate: 32000, channels: 1, causal: false, renormalize: false}
seanet:
  dimension: 16
  channels: 1
  causal: false
  n_filters: 4
  n_residual_layers: 1
  ratios: [8, 5, 4, 4]
  activation: ELU
  activation_params: {alpha: 1.0}
  norm: weight_norm
  norm_params: {}
  kernel_size: 7
  residual_kernel_size: 3
  last_kernel_size: 7
  dilation_base: 2
  pad_mode: constant
  true_skip: true
  compress: 2
  lstm: 2
  disable_norm_outer_blocks: 0
  decoder: {trim_right_ratio: 1.0, final_activation: null, final_activation_params: null}
  encoder: {}
rvq: {n_q: 4, q_dropout: false, bins: 2048, decay: 0.99, kmeans_init: true, kmeans_iters: 50}
"""


def lm_config(hidden: int = 64, layers: int = 2, heads: int = 4) -> DictConfig:
    """The decoder's xp.cfg."""
    config: Any = OmegaConf.create(_LM)
    config.transformer_lm.update(dim=hidden, num_layers=layers, num_heads=heads)
    return cast(DictConfig, config)


def codec_config(pad_mode: str = "constant") -> DictConfig:
    """The codec's xp.cfg."""
    config: Any = OmegaConf.create(_CODEC)
    config.seanet.pad_mode = pad_mode
    return cast(DictConfig, config)


def tiny_lm(config: DictConfig, text_encoder: Path, seed: int = 0) -> Any:
    """AudioCraft's LMModel, with a text encoder as `save_text_encoder` makes it."""
    import_audiocraft()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        lm = build_lm(config.copy(), text_encoder)
        _randomize_lm(lm)
    return lm.eval()


def tiny_codec(config: DictConfig | None = None, seed: int = 0) -> Any:
    """AudioCraft's EncodecModel."""
    import_audiocraft()
    from audiocraft.models.builders import get_compression_model

    with torch.random.fork_rng(devices=[]), quiet():
        torch.manual_seed(seed)
        codec = get_compression_model(config or codec_config())
        _randomize_codec(codec)
    return codec.eval()


def save_text_encoder(folder: Path, hidden: int = 48, seed: int = 0) -> Path:
    """A small T5 with its tokenizer, as transformers writes one."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        config = T5Config(vocab_size=64, d_model=hidden, d_kv=8, d_ff=64, num_layers=2, num_heads=4, dropout_rate=0.0)
        T5EncoderModel(config).save_pretrained(folder)
    return save_tokenizer(folder)


def save_audiocraft(folder: Path, config: DictConfig | None = None, seed: int = 0, text_hidden: int = 48) -> Path:
    """A whole MusicGen in the files that AudioCraft exports, its text encoder in a folder beside them."""
    config = config or lm_config()
    text_encoder = save_text_encoder(folder / TEXT_ENCODER, text_hidden, seed)
    export(tiny_lm(config, text_encoder, seed), config, folder / DECODER_FILE)
    export(tiny_codec(seed=seed), codec_config(), folder / CODEC_FILE)
    return folder


def export(model: Any, config: DictConfig, file: Path) -> None:
    """What `audiocraft.utils.export` writes."""
    package = {"best_state": model.state_dict(), "xp.cfg": OmegaConf.to_yaml(config), "version": "1.3.0"}
    file.parent.mkdir(parents=True, exist_ok=True)
    torch.save(package | {"exported": True}, file)


@torch.no_grad()
def _randomize_lm(lm: Any) -> None:
    """Every weight matters: matrices keep the variance, heads double it, no layer norm is the identity."""
    for key, weight in lm.named_parameters():
        if weight.dim() == 1:
            weight.normal_(1.0 if "norm" in key and key.endswith("weight") else 0.0, 0.1)
        elif key.startswith("emb."):
            weight.normal_(0.0, 0.5)
        else:
            weight.normal_(0.0, (2.0 if key.startswith("linears.") else 1.0) / weight.shape[1] ** 0.5)


@torch.no_grad()
def _randomize_codec(codec: Any) -> None:
    for module in codec.modules():
        if hasattr(module, "weight_g"):
            up = module.stride[0] / 2 if isinstance(module, torch.nn.ConvTranspose1d) else 1.0
            module.weight_g.normal_(1.0, 0.1).mul_(up**0.5)
            module.weight_v.normal_()
            module.bias.normal_(0.0, 0.05)
    codec.decoder.model[-1].conv.conv.weight_g.mul_(0.2)
    for layer in codec.quantizer.vq.layers:
        layer._codebook.embed.normal_(0.0, 0.5)
        layer._codebook.embed_avg.copy_(layer._codebook.embed)
        layer._codebook.inited.fill_(1)
