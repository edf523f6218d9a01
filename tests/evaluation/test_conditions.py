"""Which model goes with which adapter: real models and adapters of peft, with a few random weights."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from musicmed_desktop.engines import Choice
from musicmed_desktop.engines.models.store import Store
from musicmed_desktop.errors import UserError
from musicmed_desktop.evaluation.conditions import conditions
from musicmed_desktop.evaluation.values import Condition
from tests.fakes.adapters import save_adapter
from tests.fakes.models import copied, save_model, tiny
from tests.fakes.musicgen import save_transformers, tiny_transformers


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two models of different sizes, and an adapter for each."""
    place = tmp_path_factory.mktemp("models")
    save_model(place / "narrow")
    save_adapter(place / "narrow-sweet", tiny())
    save_transformers(tiny_transformers(), place / "wide")
    save_adapter(place / "run-7" / "adapter", tiny_transformers())
    return place


def named(found: tuple[Condition, ...]) -> list[tuple[str, str]]:
    return [(condition.name, condition.tuned_from) for condition in found]


def test_each_adapter_is_paired_with_the_model_that_it_fits(place: Path) -> None:
    narrow, wide, sweet = (place / name for name in ("narrow", "wide", "narrow-sweet"))
    trained = place / "run-7" / "adapter"
    found = conditions([narrow, wide], [trained, sweet], Store(place / "none"), builtin=True, strength=0.5)
    assert named(found) == [
        ("builtin", ""),
        ("narrow", ""),
        ("narrow+narrow-sweet", "narrow"),
        ("wide", ""),
        ("wide+run-7", "wide"),
    ]
    assert found[0].choice == Choice("builtin")
    assert found[2].choice == Choice("musicgen", model=narrow, adapter=sweet, strength=0.5)
    assert found[3].choice == Choice("musicgen", model=wide)


def test_without_a_model_the_installed_one_that_fits_is_taken(place: Path, tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "config.json").write_text('{"model_type": "musicgen"}')
    copied(place / "narrow", tmp_path / "narrow")
    copied(place / "wide", tmp_path / "wide")
    found = conditions([], [place / "narrow-sweet"], Store(tmp_path))
    assert named(found) == [("narrow", ""), ("narrow+narrow-sweet", "narrow")]
    assert found[0].choice == Choice("musicgen", model=tmp_path / "narrow")


def test_an_adapter_for_another_size_is_refused(place: Path) -> None:
    with pytest.raises(UserError, match="narrow-sweet fits none of the models: it was made for another size"):
        conditions([place / "wide"], [place / "narrow-sweet"], Store(place / "none"))


def test_an_adapter_without_any_model_is_refused(place: Path) -> None:
    with pytest.raises(UserError, match="no model for the adapter narrow-sweet: none is installed or given"):
        conditions([], [place / "narrow-sweet"], Store(place / "none"))


def test_an_adapter_that_fits_several_models_goes_with_the_one_that_it_names(place: Path, tmp_path: Path) -> None:
    twin = copied(place / "narrow", tmp_path / "twin")
    with pytest.raises(UserError, match="fits several models: narrow and twin"):
        conditions([place / "narrow", twin], [place / "narrow-sweet"], Store(tmp_path / "none"))
    adapter = save_adapter(tmp_path / "sweet", tiny())
    config = json.loads((adapter / "adapter_config.json").read_text())
    (adapter / "adapter_config.json").write_text(json.dumps(config | {"base_model_name_or_path": "somebody/twin"}))
    found = conditions([place / "narrow", twin], [adapter], Store(tmp_path / "none"))
    assert named(found) == [("narrow", ""), ("twin", ""), ("twin+sweet", "twin")]


def test_names_are_told_apart(place: Path, tmp_path: Path) -> None:
    other = copied(place / "narrow", tmp_path / "Narrow")
    found = conditions([place / "narrow", other, other], [], Store(tmp_path / "none"), taken=["narrow"])
    assert named(found) == [("narrow-2", ""), ("Narrow-3", "")]


def test_what_is_no_model_or_nothing_at_all_is_refused(place: Path) -> None:
    store = Store(place / "none")
    with pytest.raises(UserError, match="no MusicGen model in"):
        conditions([place], [], store)
    with pytest.raises(UserError, match="no adapter in"):
        conditions([], [place / "narrow"], store)
    with pytest.raises(UserError, match="nothing to evaluate"):
        conditions([], [], store)
