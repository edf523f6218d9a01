from __future__ import annotations

import numpy as np
import pytest

from musicmed_desktop.affect import Affect
from musicmed_desktop.audio.frames import Frames
from musicmed_desktop.evaluation.listening.clap import Clap
from musicmed_desktop.evaluation.listening.ears import Ears
from musicmed_desktop.plan.prompts import CHARACTERS
from tests.fakes.engines import RATE, ToneRecognizer, tones
from tests.fakes.hearing import item
from tests.fakes.models import save_clap

TARGET = Affect(0.5, -0.4)


@pytest.fixture(scope="module")
def clap(tmp_path_factory: pytest.TempPathFactory) -> Clap:
    return Clap(save_clap(tmp_path_factory.mktemp("models") / "clap"))


@pytest.fixture(scope="module")
def clip() -> Frames:
    return tones(TARGET, 4.0)


def test_without_clap_the_place_alone_is_heard(clip: Frames) -> None:
    asked = item("a", TARGET)
    heard = Ears(ToneRecognizer(), None).hear(asked, clip, RATE)
    assert heard.item == asked
    assert heard.measured.distance(TARGET) < 0.05
    assert (heard.clap_score, heard.clap_tags, heard.embedding) == (None, (), None)


def test_the_score_is_the_cosine_of_prompt_and_sound(clap: Clap, clip: Frames) -> None:
    asked = item("a", TARGET)
    heard = Ears(ToneRecognizer(), clap).hear(asked, clip, RATE)
    sound = clap.sound(clip, RATE)
    assert heard.measured.distance(TARGET) < 0.05
    assert heard.clap_score == pytest.approx(float(clap.text([asked.prompt.text])[0] @ sound))
    assert heard.embedding is not None
    np.testing.assert_array_equal(heard.embedding, sound)


def test_clap_chooses_as_many_tags_as_were_intended(clap: Clap, clip: Frames) -> None:
    ears = Ears(ToneRecognizer(), clap)
    for count in range(4):
        asked = item("a", TARGET, ("calm", "soft", "dream")[:count])
        assert len(ears.hear(asked, clip, RATE).clap_tags) == count


def test_the_likeliest_of_all_characters_and_intended_tags_come_first(clap: Clap, clip: Frames) -> None:
    others = ("space", "film", "nature")  # say nothing of how music feels: known where they are intended
    every = sorted(CHARACTERS | {*others})
    asked = item("a", TARGET, [*others, *CHARACTERS])
    tags = Ears(ToneRecognizer(), clap).hear(asked, clip, RATE).clap_tags
    assert sorted(tags) == every
    sentences = ["dreamy music" if tag == "dream" else f"{tag} music" for tag in tags]
    likeness = clap.text(sentences) @ clap.sound(clip, RATE)
    assert (np.diff(likeness) <= 0).all()
    assert not set(Ears(ToneRecognizer(), clap).hear(item("b", TARGET), clip, RATE).clap_tags) & set(others)


def test_the_same_clip_is_always_heard_alike(clap: Clap, clip: Frames) -> None:
    ears, asked = Ears(ToneRecognizer(), clap), item("a", TARGET)
    first, second = (ears.hear(asked, clip, RATE) for _ in range(2))
    assert (first.clap_score, first.clap_tags) == (second.clap_score, second.clap_tags)
