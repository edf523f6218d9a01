"""A folder as AudioCraft exports it: state_dict.bin, compression_state_dict.bin, and the text encoder by name alone.

Its settings are described in AudioCraft 1.3.0, `models/builders.py` and `modules/seanet.py`.
"""

from __future__ import annotations

from pathlib import Path

from musicmed_desktop.engines.musicgen.checkpoint.complaints import unsupported
from musicmed_desktop.engines.musicgen.checkpoint.description import Checkpoint
from musicmed_desktop.engines.musicgen.checkpoint.layout import music_tensors
from musicmed_desktop.engines.musicgen.checkpoint.local import find_local
from musicmed_desktop.engines.musicgen.checkpoint.names import codec_names, decoder_names
from musicmed_desktop.engines.musicgen.checkpoint.parts import (
    checked_codec,
    checked_decoder,
    read_codec_folder,
    read_text_folder,
)
from musicmed_desktop.engines.musicgen.checkpoint.settings import Settings, read_yaml
from musicmed_desktop.engines.musicgen.checkpoint.stored import Stored, without_weight_norm
from musicmed_desktop.engines.musicgen.checkpoint.torch_files import torch_header, torch_tensors
from musicmed_desktop.engines.musicgen.installed import AUDIOCRAFT_FILES
from musicmed_desktop.engines.musicgen.shapes import CODEBOOK_SIZE, CODEBOOKS, CodecShape, DecoderShape

DECODER_FILE, CODEC_FILE = AUDIOCRAFT_FILES


def read_audiocraft(folder: Path, name: str) -> Checkpoint:
    file = folder / DECODER_FILE
    header = torch_header(file)
    config = read_yaml(file, header.get("xp.cfg"))
    _refuse_relatives(config)
    stored = decoder_names(torch_tensors(file, header, "best_state"))
    codec, codec_tensors = _read_codec(folder)
    t5 = config.section("conditioners").section("description").section("t5")
    text = read_text_folder(find_local(folder, t5.get("name"), file))
    decoder = _decoder_shape(config.section("transformer_lm"), text.config.get("d_model", 512))
    return Checkpoint(
        name=name,
        folder=folder,
        decoder=decoder,
        codec=codec,
        text=text,
        tensors=music_tensors(stored | codec_tensors, decoder, codec, folder),
    )


def _refuse_relatives(config: Settings) -> None:
    folder, lm, pattern = config.file.parent, config.section("transformer_lm"), config.section("codebooks_pattern")
    if "self_wav" in config.section("conditioners").values:
        raise unsupported(folder, "follows melodies, or the style of a recording")
    if config.section("interleave_stereo_codebooks").get("use") is True or lm.get("n_q") == 2 * CODEBOOKS:
        raise unsupported(folder, "is in stereo")
    config.demand("lm_model", "transformer_lm")
    pattern.demand("modeling", "delay")
    pattern.section("delay").demand("delays", list(range(CODEBOOKS)))
    config.section("fuser").demand("cross", ["description"])
    config.section("fuser").demand("cross_attention_pos_emb", False)


def _decoder_shape(lm: Settings, text_hidden: int) -> DecoderShape:
    lm.demand("n_q", CODEBOOKS)
    lm.demand("card", CODEBOOK_SIZE)
    lm.demand("norm_first", True)
    lm.demand("activation", "gelu")
    lm.demand("positional_embedding", "sin")
    hidden, layers, heads = lm.count("dim"), lm.count("num_layers", most=1000), lm.count("num_heads")
    return checked_decoder(lm, DecoderShape(hidden, layers, heads, lm.count("hidden_scale", 4) * hidden, text_hidden))


def _read_codec(folder: Path) -> tuple[CodecShape, dict[str, Stored]]:
    file = folder / CODEC_FILE
    header = torch_header(file)
    if "pretrained" in header:
        return read_codec_folder(find_local(folder, header["pretrained"], file))
    stored = codec_names(torch_tensors(file, header, "best_state"))
    return audiocraft_codec_shape(read_yaml(file, header.get("xp.cfg"))), without_weight_norm(stored)


def audiocraft_codec_shape(config: Settings) -> CodecShape:
    """What a codec's xp.cfg describes."""
    encodec, seanet, rvq = config.section("encodec"), config.section("seanet"), config.section("rvq")
    encodec.demand("renormalize", False)
    encodec.demand("channels", 1)
    seanet.demand("causal", False)
    seanet.demand("activation", "ELU")
    seanet.section("decoder").demand("final_activation", None)
    rvq.demand("n_q", CODEBOOKS)
    rvq.demand("bins", CODEBOOK_SIZE)
    shape = CodecShape(
        sample_rate=encodec.count("sample_rate"),
        ratios=seanet.counts("ratios", most=64),
        filters=seanet.count("n_filters"),
        hidden=seanet.count("dimension"),
        kernel=seanet.count("kernel_size", most=99),
        last_kernel=seanet.count("last_kernel_size", most=99),
        residual_kernel=seanet.count("residual_kernel_size", most=99),
        residual_layers=seanet.count("n_residual_layers", most=20),
        dilation_growth=seanet.count("dilation_base", most=20),
        compress=seanet.count("compress", most=99),
        lstm_layers=seanet.count("lstm", most=20),
        conv_shortcut=seanet.get("true_skip", True) is not True,
        pad_mode=str(seanet.get("pad_mode", "reflect")),
    )
    return checked_codec(config, shape)
