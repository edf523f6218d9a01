"""What was learnt comes out again: the adapter, in the engine and in plain transformers with peft."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import MusicgenForConditionalGeneration

from musicmed_desktop.engines.models.lora import check_adapter
from musicmed_desktop.engines.musicgen.adapters import adapted, read_adapter
from musicmed_desktop.engines.musicgen.checkpoint import Checkpoint, read_checkpoint
from musicmed_desktop.engines.musicgen.placement import Placement
from musicmed_desktop.engines.musicgen.sampling import Sampling
from musicmed_desktop.engines.musicgen.text import TextEncoder, read_tokenizer
from musicmed_desktop.engines.musicgen.writer import Writer
from musicmed_desktop.errors import UserError
from musicmed_desktop.training import adapter
from musicmed_desktop.training.card import Card
from musicmed_desktop.training.devices import accelerator
from musicmed_desktop.training.examples import Lesson
from musicmed_desktop.training.learner import Learner
from musicmed_desktop.training.model import base_model, with_adapter
from musicmed_desktop.training.recipe import Recipe
from tests.fakes.adapters import loaded, music_logits
from tests.fakes.musicgen import save_transformers, tiny_transformers

FRAMES, STEPS = 25, 60
CAPTIONS = ("calm piano", "happy drums", "sad strings", "slow music")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_transformers(tiny_transformers(), tmp_path_factory.mktemp("models") / "musicgen-small")


@pytest.fixture(scope="module")
def lessons() -> list[Lesson]:
    generator = torch.Generator().manual_seed(0)
    return [Lesson(torch.randint(0, 2048, (4, FRAMES), generator=generator), caption) for caption in CAPTIONS]


@pytest.fixture(scope="module")
def tuned(model: Path, lessons: list[Lesson], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an adapter that has learnt four clips by heart."""
    checkpoint, folder = read_checkpoint(model), tmp_path_factory.mktemp("tuned")
    recipe = Recipe(alpha=32, batch=4, micro_batch=4, learning_rate=0.01, lora_dropout=0.0, weight_decay=0.0)
    learning = with_adapter(base_model(checkpoint), recipe, adapter.base_name(model))
    learner = Learner(
        learning, checkpoint.decoder, read_tokenizer(model, 1000), recipe, STEPS, accelerator(folder / "logs")
    )
    for step in range(STEPS):
        learner.learn(step, lessons)
    counts: Any = {"excitement": 2, "contentment": 2}
    card = Card(adapter.base_name(model), recipe, "calm piano music", counts, STEPS, 9.8, 0.01, {"excitement": 0.01})
    adapter.save(learning, card, folder / "adapter")
    return folder / "adapter"


def greedy(checkpoint: Checkpoint) -> list[Tensor]:
    """The codes [K, FRAMES] that the engine's own decoder takes for the likeliest, from the captions alone."""
    writer = Writer((Placement("cpu", "float32", ""),), None, Sampling(guidance=1.0, top_k=1))
    writer.load(checkpoint.decoder, checkpoint.tensors)
    text, silence = TextEncoder(checkpoint.text), torch.zeros(4, 0, dtype=torch.int64)
    prompts = [[text.encode(caption)] for caption in CAPTIONS]
    return [torch.cat([*writer.write(each, silence, FRAMES, 0, 0, lambda: False)], dim=1) for each in prompts]


def test_the_tuned_model_plays_what_it_learnt_and_the_base_does_not(
    model: Path, tuned: Path, lessons: list[Lesson]
) -> None:
    base = read_checkpoint(model)

    def matching(checkpoint: Checkpoint) -> list[float]:
        pairs = zip(greedy(checkpoint), lessons, strict=True)
        return [float((music == lesson.codes).float().mean()) for music, lesson in pairs]

    assert max(matching(base)) < 0.05
    assert min(matching(adapted(base, read_adapter(tuned), 1.0))) > 0.9


def test_plain_transformers_and_peft_load_it_and_agree_with_the_engine(model: Path, tuned: Path) -> None:
    plain: Any = MusicgenForConditionalGeneration.from_pretrained(model)
    before = music_logits(plain)
    theirs: Any = loaded(plain, tuned)
    assert not torch.allclose(music_logits(theirs), before, atol=0.1)
    ours = adapted(read_checkpoint(model), read_adapter(tuned), 1.0)
    theirs.merge_adapter()
    merged = {
        key.removeprefix("base_model.model.").replace(".base_layer", ""): w for key, w in theirs.state_dict().items()
    }
    for name in ours.tensors:
        if name.startswith(("decoder.", "enc_to_dec_proj.")):
            torch.testing.assert_close(ours.tensors[name], merged[name], rtol=1e-5, atol=1e-5)


def test_its_folder_is_whole_and_names_its_model(tuned: Path) -> None:
    assert {path.name for path in tuned.iterdir()} == {"adapter_config.json", "adapter_model.safetensors", "README.md"}
    assert check_adapter(tuned) == "facebook/musicgen-small"
    config = json.loads((tuned / "adapter_config.json").read_bytes())
    assert config["base_model_name_or_path"] == "facebook/musicgen-small"


def test_its_card_tells_data_licence_seed_and_metrics(tuned: Path) -> None:
    card = (tuned / "README.md").read_text(encoding="utf-8")
    head, body = card.removeprefix("---\n").split("---\n", 1)
    assert 'base_model: "facebook/musicgen-small"' in head
    assert "license: cc-by-nc-4.0" in head
    for words in ("MTG-Jamendo", "CC-BY-NC 4.0", "| seed | 0 |", "0.0100 (9.8000 without the adapter)", "calm piano"):
        assert words in body
    assert str(tuned.parent) not in card


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no files")
def test_a_disk_that_refuses_is_told(model: Path, tmp_path: Path) -> None:
    import resource

    learning = with_adapter(base_model(read_checkpoint(model)), Recipe(), "tiny")
    card = Card("tiny", Recipe(), "calm piano music", {}, 0, 9.8, 9.8, {})
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(UserError, match="could not be written"):
            adapter.save(learning, card, tmp_path / "adapter")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not (tmp_path / "adapter").exists()


def test_another_adapter_takes_its_place_whole(tuned: Path, tmp_path: Path) -> None:
    place = tmp_path / "out" / "adapter"
    adapter.copy(tuned, place)
    (place / "of-before.txt").write_text("")
    left = tmp_path / "out" / ".adapter.part"
    left.mkdir()
    (left / "half").write_text("left by a killed training")
    adapter.copy(tuned, place)
    assert {path.name for path in place.iterdir()} == {path.name for path in tuned.iterdir()}
    assert [path.name for path in place.parent.iterdir()] == ["adapter"]
