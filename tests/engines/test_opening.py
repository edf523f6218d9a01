from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import weakref
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from musicmed_desktop.engines import Choice, check_adapter, check_model, musicgen_lacks, open_engine, opening
from musicmed_desktop.engines.builtin.soundfonts import bundled_soundfont
from musicmed_desktop.engines.musicgen import placement
from musicmed_desktop.engines.musicgen.engine import MusicGenEngine
from musicmed_desktop.engines.musicgen.pace import remember, remembered
from musicmed_desktop.engines.musicgen.window import Window
from musicmed_desktop.errors import UserError
from musicmed_desktop.paths import HOME
from tests.fakes.adapters import save_adapter
from tests.fakes.editions import install
from tests.fakes.musicgen import save_transformers, tiny_transformers

BUILTIN = Choice("builtin", soundfont=bundled_soundfont())


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of installed models: of this test alone, and empty."""
    monkeypatch.setenv(HOME, str(tmp_path / "home"))
    return tmp_path / "home" / "models"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_transformers(tiny_transformers(), tmp_path_factory.mktemp("models") / "tiny")


def looks_like_a_model(folder: Path) -> Path:
    """Its name is right, and nothing else."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"model_type": "musicgen"}))
    return folder


def test_the_built_in_composer_opens_by_its_name() -> None:
    engine = open_engine(BUILTIN)
    assert (engine.name, engine.sample_rate, engine.channels) == ("builtin", 44_100, 2)
    assert engine.about == "The built-in composer makes the music."
    assert bundled_soundfont().stem in engine.version  # another SoundFont makes other samples of the same seed


def test_musicgen_opens_by_its_name(tiny: Path) -> None:
    engine = open_engine(Choice("musicgen", model=tiny))
    assert (engine.name, engine.sample_rate, engine.channels) == ("musicgen", 32_000, 1)
    assert "tiny" in engine.version
    assert engine.about.startswith("MusicGen makes the music on")


def test_an_adapter_is_used_at_its_strength(tiny: Path, tmp_path: Path) -> None:
    adapter = save_adapter(tmp_path / "lullabies")
    engine = open_engine(Choice("musicgen", model=tiny, adapter=adapter, strength=0.5))
    assert "tiny with lullabies at 0.5" in engine.version
    (adapter / "adapter_model.safetensors").write_bytes(b"half a file")
    with pytest.raises(UserError, match=r"adapter_model\.safetensors"):
        open_engine(Choice("musicgen", model=tiny, adapter=adapter))
    assert "MusicGen cannot be used: " in open_engine(Choice(model=tiny, adapter=adapter)).about


@pytest.mark.skipif(find_spec("audiocraft") is None, reason="AudioCraft is not installed")
def test_audiocraft_opens_a_model_in_its_own_files(models: Path, tiny: Path) -> None:
    from tests.fakes.audiocraft import save_audiocraft

    shutil.copytree(tiny, models / "first")
    save_audiocraft(models / "second")
    engine = open_engine(Choice("audiocraft"))
    assert (engine.name, engine.sample_rate, engine.channels) == ("audiocraft", 32_000, 1)
    assert "second" in engine.version
    assert engine.about.startswith("AudioCraft computes on")
    weight = weakref.ref(next(engine._model.lm.parameters()))  # type: ignore[attr-defined]
    engine.unload()
    assert weight() is None


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        (Choice("bultin"), r"no engine named bultin\. Choose auto, builtin, musicgen or audiocraft\."),
        (Choice("builtin", soundfont=Path("missing.sf2")), r"missing\.sf2 cannot be read"),
        (Choice("builtin", model=Path("tiny")), r"uses no model and no adapter\. .*choose musicgen"),
        (Choice("builtin", adapter=Path("soft")), r"uses no model and no adapter"),
        (Choice("musicgen", soundfont=bundled_soundfont()), r"Only the built-in composer plays a SoundFont"),
        (Choice("musicgen"), r"No music model is installed\. Get one under Settings, Music models, or with"),
        (Choice("audiocraft"), r"No music model is installed\. .*with the files state_dict\.bin and compression_"),
        (Choice("musicgen", model=Path("nowhere")), r"nowhere"),
    ],
)
def test_what_cannot_be_opened_is_told_in_words(choice: Choice, sentence: str) -> None:
    if choice.engine == "audiocraft" and find_spec("audiocraft") is None:
        pytest.skip("AudioCraft is not installed")
    with pytest.raises(UserError) as caught:
        open_engine(choice)
    assert re.search(sentence, str(caught.value)), caught.value


def test_auto_without_a_model_loads_no_torch() -> None:
    program = (
        "import sys; from musicmed_desktop.engines import Choice, open_engine;"
        "print(open_engine(Choice()).about); print('torch' in sys.modules, 'transformers' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "The built-in composer makes the music. No music model is installed.",
        "False False",
    ]


def test_auto_plays_a_soundfont_that_was_chosen(tiny: Path) -> None:
    engine = open_engine(Choice(soundfont=bundled_soundfont(), model=tiny))
    assert engine.about == "The built-in composer makes the music. It plays the SoundFont that was chosen."


def test_auto_says_that_musicgen_is_not_installed(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "find_spec", lambda _: None)
    assert open_engine(Choice(model=tiny)).about.endswith("MusicGen is not installed.")
    with pytest.raises(UserError, match="MusicGen is not installed") as caught:
        open_engine(Choice("musicgen", model=tiny))
    assert "setup musicgen" in caught.value.hint
    with pytest.raises(UserError, match="AudioCraft is not installed"):
        open_engine(Choice("audiocraft", model=tiny))


def test_the_light_edition_says_that_it_is_one(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert musicgen_lacks() == ""
    install(monkeypatch, tmp_path, light=True)
    for choice in (Choice(), Choice(model=tiny)):
        assert open_engine(choice).about == "The built-in composer makes the music. This is the light edition."
    assert musicgen_lacks().startswith(
        "Music models need MusicGen. This is the light edition; the full edition has it."
    )
    with pytest.raises(UserError, match="MusicGen is not installed") as caught:
        open_engine(Choice("musicgen", model=tiny))
    assert caught.value.hint.endswith("Your sessions stay. Or choose the built-in composer.")


def test_a_package_that_does_not_load_is_told_and_no_bug(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As torch without its system's libraries, which raises OSError on Windows."""
    (tmp_path / "half_installed.py").write_text("raise OSError('a DLL is missing')")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(opening, "MUSICGEN_PACKAGES", ("half_installed",))
    assert open_engine(Choice(model=tiny)).about.endswith("MusicGen cannot be used: MusicGen does not load.")
    with pytest.raises(UserError, match="does not load") as caught:
        open_engine(Choice("musicgen", model=tiny))
    assert caught.value.detail == "a DLL is missing"


def test_auto_takes_musicgen_where_it_keeps_up_and_measures_once(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "KEEPS_UP", 1e6)
    assert isinstance(open_engine(Choice(model=tiny)), MusicGenEngine)
    pace = remembered(tiny)
    assert pace is not None
    assert pace > 0
    remember(tiny, pace + 1)
    assert open_engine(Choice(model=tiny)).name == "musicgen"
    assert remembered(tiny) == pace + 1


def test_auto_takes_the_composer_where_musicgen_is_too_slow(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "KEEPS_UP", 0.0)
    engine = open_engine(Choice(model=tiny))
    assert engine.name == "builtin"
    assert "MusicGen would take" in engine.about
    assert remembered(tiny) is not None


def test_a_model_that_is_known_to_be_slow_is_not_even_loaded(models: Path) -> None:
    folder = looks_like_a_model(models / "large")
    assert "MusicGen cannot be used: " in open_engine(Choice()).about  # there is nothing to be loaded
    remember(folder, 3.21)
    assert open_engine(Choice()).about == (
        "The built-in composer makes the music. On this computer MusicGen would take 3.2 seconds to make one second "
        "of music."
    )


@pytest.fixture
def three(models: Path, tiny: Path) -> dict[str, Path]:
    """Installed ones, of which the first by name is the largest and the last by name the smallest."""
    folders = {name: shutil.copytree(tiny, models / name) for name in ("large", "medium", "small")}
    for name, more in (("large", 3000), ("medium", 2000), ("small", 1000)):
        (folders[name] / "notes.txt").write_bytes(bytes(more))
    return folders


def test_auto_takes_the_largest_model_that_keeps_up(three: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, pace in (("large", 3.0), ("medium", 0.7), ("small", 0.2)):
        remember(three[name], pace)
    assert "medium" in open_engine(Choice()).version
    monkeypatch.setattr(opening, "KEEPS_UP", 5.0)
    assert "large" in open_engine(Choice()).version
    assert "small" in open_engine(Choice(model=three["small"])).version  # what was chosen is not changed


def test_auto_goes_on_to_a_smaller_model_where_one_is_damaged_or_too_slow(
    three: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    (three["large"] / "tokenizer.json").unlink()
    remember(three["small"], 0.2)
    paces = iter([4.0])
    monkeypatch.setattr(MusicGenEngine, "pace", lambda _: next(paces))  # only the medium one is measured
    assert "small" in open_engine(Choice()).version
    assert (remembered(three["large"]), remembered(three["medium"])) == (None, 4.0)


def test_where_no_model_keeps_up_the_composer_says_it_of_the_smallest(three: dict[str, Path]) -> None:
    for name, pace in (("large", 8.0), ("medium", 4.0), ("small", 1.3)):
        remember(three[name], pace)
    assert "would take 1.3 seconds to make one second of music." in open_engine(Choice()).about
    (three["small"] / "tokenizer.json").unlink()
    assert "MusicGen cannot be used: " in open_engine(Choice()).about


def test_auto_does_not_try_what_there_is_no_memory_for(
    models: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(tiny, models / "musicgen-large")
    monkeypatch.setattr(placement, "free_memory", lambda _: 2_000_000_000)
    monkeypatch.setattr(MusicGenEngine, "pace", lambda _: pytest.fail("it was loaded"))
    assert open_engine(Choice()).about.endswith(
        "MusicGen cannot be used: MusicGen large needs 8.9 GB of memory; 2.0 GB are free."
    )
    monkeypatch.setattr(placement, "free_memory", lambda _: 20_000_000_000)
    monkeypatch.setattr(MusicGenEngine, "pace", lambda _: 0.5)
    assert "musicgen-large" in open_engine(Choice()).version


def test_auto_finds_an_engine_where_the_model_has_gone(tmp_path: Path) -> None:
    engine = open_engine(Choice(model=tmp_path / "pulled-out-stick"))
    assert engine.name == "builtin"
    assert "MusicGen cannot be used" in engine.about


@pytest.mark.usefixtures("three")
def test_where_none_is_chosen_musicgen_takes_the_smallest() -> None:
    assert "small" in open_engine(Choice("musicgen")).version


@pytest.mark.parametrize("check", [check_model, check_adapter])
def test_a_folder_without_the_right_file_is_refused_before_it_is_read(
    tmp_path: Path, check: Callable[[Path], None], tiny: Path
) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(UserError, match=r"There is no .* in ") as caught:
            check(folder)
        assert "Choose the folder that holds" in caught.value.hint
    (tmp_path / "adapter_config.json").write_text("{}")
    check_adapter(tmp_path)
    check_model(tiny)


def test_the_window_reaches_musicgen(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Window | None] = []

    class Noting(MusicGenEngine):
        def __init__(self, _: Path, *, window: Window | None, **__: object) -> None:
            asked.append(window)

    monkeypatch.setattr("musicmed_desktop.engines.musicgen.engine.MusicGenEngine", Noting)
    open_engine(Choice("musicgen", model=tiny, window=(10.0, 6.0)))
    open_engine(Choice("musicgen", model=tiny))
    assert asked == [Window(10.0, 6.0), None]
