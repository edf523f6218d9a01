from __future__ import annotations

import pytest
import torch

from musicmed_desktop.engines.audiocraft import devices
from musicmed_desktop.engines.audiocraft.devices import choose_device, codec_device, seeded


def test_a_graphics_processor_is_used_where_it_computes_rightly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    answers = {"cuda": "it gives wrong numbers", "mps": ""}
    monkeypatch.setattr(devices, "refusal", lambda device, dtype: answers[device] if dtype == "float16" else "no")
    assert choose_device() == "mps"
    answers["mps"] = "it fails"
    assert choose_device() == "cpu"
    answers["cuda"] = ""
    assert choose_device() == "cuda"


def test_the_codec_stays_on_the_processor_beside_mps() -> None:
    assert [codec_device(device) for device in ("cuda", "mps", "cpu")] == ["cuda", "cpu", "cpu"]


def test_draws_come_from_the_seed_and_the_global_generator_goes_on_as_if_nothing_had_been() -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        expected = [torch.rand(3), torch.rand(3)]
        torch.manual_seed(1)
        first = torch.rand(3)
        with seeded("cpu", 5):
            drawn = torch.rand(3)
        with seeded("cpu", 5):
            torch.testing.assert_close(torch.rand(3), drawn, rtol=0, atol=0)
        torch.testing.assert_close([first, torch.rand(3)], expected, rtol=0, atol=0)


def test_drawing_on_the_processor_is_audiocrafts_drawing() -> None:
    from musicmed_desktop.engines.audiocraft.standins import import_audiocraft

    import_audiocraft()
    from audiocraft.utils import utils

    probabilities = torch.rand(2, 4, 50).softmax(-1)
    with seeded("cpu", 3):
        expected = utils.multinomial(probabilities, num_samples=1)
    with seeded("cpu", 3):
        drawn = devices._multinomial(probabilities, num_samples=1)
    assert drawn.shape == (2, 4, 1)
    assert torch.equal(drawn, expected)
