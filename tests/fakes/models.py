"""Models, adapters and CLAP with few weights, in folders, zip files and caches as people bring them."""

from __future__ import annotations

import os
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import torch
from transformers import ClapConfig, ClapFeatureExtractor, ClapModel, MusicgenForConditionalGeneration

from musicmed_desktop.engines.models.importing import import_model
from musicmed_desktop.engines.models.licences import accept
from musicmed_desktop.engines.models.store import Installed, Store
from tests.fakes.musicgen import save_tokenizer, save_transformers, tiny_transformers

NAME = "calm-music"


def tiny(seed: int = 0) -> MusicgenForConditionalGeneration:
    """A whole MusicGen, quick to copy and not made to be listened to."""
    return tiny_transformers(hidden=8, layers=2, heads=2, ffn=12, text_hidden=10, seed=seed)


def save_model(folder: Path, seed: int = 0) -> Path:
    """1.3 MB."""
    model: Any = tiny(seed)
    return save_transformers(model.half(), folder)


def save_clap(folder: Path, *, fused: bool = False) -> Path:
    """A tiny CLAP that hears as the published ones do: fused as clap-htsat-fused, or not as larger_clap_music."""
    text = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    audio: dict[str, Any] = {"patch_embeds_hidden_size": 8, "depths": [1, 1], "num_attention_heads": [1, 2]}
    audio |= {"hidden_size": 16, "num_hidden_layers": 2, "enable_fusion": fused}
    config = ClapConfig(text_config={**text, "vocab_size": 100}, audio_config=audio, projection_dim=16)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model: Any = ClapModel(config)
    model.save_pretrained(folder)
    extractor: Any = ClapFeatureExtractor(truncation="fusion" if fused else "rand_trunc")
    extractor.save_pretrained(folder)
    return save_tokenizer(folder)


def copied(folder: Path, to: Path) -> Path:
    """The same files again, without writing them: links to the same contents, to be replaced and not written into."""
    shutil.copytree(folder, to, copy_function=os.link)
    return to


def zipped(folder: Path, file: Path, top: str = NAME, *, packed: bool = False) -> Path:
    """The folder as a zip file, inside a folder `top`, or flat where that is empty."""
    with ZipFile(file, "w", ZIP_DEFLATED if packed else ZIP_STORED) as archive:
        for inside in sorted(folder.rglob("*")):
            path = inside.relative_to(folder).as_posix()
            archive.write(inside, f"{top}/{path}" if top else path)
    return file


def in_hub_cache(folder: Path, hub: Path, owner: str = "facebook", name: str = NAME, commit: str = "a" * 40) -> Path:
    """The folder as huggingface_hub keeps it: links into blobs; returns the repository's folder."""
    repository = hub / f"models--{owner}--{name}"
    for inside in sorted(folder.iterdir()):
        blob = repository / "blobs" / sha256(inside.read_bytes()).hexdigest()
        blob.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(inside, blob)
        link = repository / "snapshots" / commit / inside.name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(Path("..", "..", "blobs", blob.name))
    return repository


def agreed_store(folder: Path) -> Store:
    """A store whose owner has accepted the licence of MusicGen."""
    store = Store(folder)
    accept(store, "CC-BY-NC-4.0")
    return store


def installed(folder: Path, store: Store, name: str = NAME) -> Installed:
    """The model in `folder`, imported."""
    return import_model(folder, store, name)


def tree(folder: Path) -> dict[str, str]:
    """All that lies in `folder`, by path: the contents of files in hex, what links lead to, and folders."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = f"link to {path.readlink()}"
        else:
            found[name] = sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
    return found
