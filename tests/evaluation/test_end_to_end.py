"""The paper's two pipelines, by their commands: a dataset, a training, a session with the adapter, and the table."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from musicmed_desktop.cli import main
from musicmed_desktop.engines.models.store import Store
from musicmed_desktop.paths import HOME, models_folder
from tests.fakes.jamendo import miniature
from tests.fakes.models import agreed_store, save_clap
from tests.fakes.musicgen import save_transformers, tiny_transformers

LEARNING = {"window": 1.5, "steps": 30, "batch": 4, "learning-rate": 0.005, "evaluate-every": 30, "rank": 8}
MAKING = {"moods": "happy,sad,calm,dark", "instruments": "piano", "seconds": 5, "walks": 1, "walk-minutes": 2}


def options(**given: object) -> list[str]:
    return [f"--{name.replace('_', '-')}={value}" for name, value in given.items()]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv(HOME, str(tmp_path / "home"))
    return agreed_store(models_folder())


def test_from_the_dataset_to_the_table(tmp_path: Path, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    model = save_transformers(tiny_transformers(hidden=32, ffn=48), tmp_path / "musicgen-small")
    clap = save_clap(tmp_path / "clap")
    dataset = miniature(tmp_path / "dataset", 1, 3.0)

    places = options(model=model, dataset=dataset, out=tmp_path / "moods")
    assert main(["train", *places, *options(**LEARNING)]) == 0
    said = capsys.readouterr().out
    losses = [float(loss) for loss in re.findall(r"validation loss ([\d.]+)", said)]
    assert losses[-1] < 0.8 * losses[0]
    (sample,) = (tmp_path / "moods" / "samples").iterdir()
    assert {path.name for path in sample.iterdir()} >= {"session.flac", "session.json", "trajectory.svg"}

    assert main(["models", "import", str(model)]) == 0
    assert main(["models", "import", str(tmp_path / "moods" / "adapter"), "--name", "moods"]) == 0
    assert main(["models", "list", "--json"]) == 0
    assert store.find("moods").kind == "adapter"
    capsys.readouterr()

    asked = [*options(model="musicgen-small", adapter="moods", clap=clap, **MAKING), "--builtin"]
    assert main(["evaluate", *asked, *options(out=tmp_path / "table")]) == 0
    assert "Circumplex error" in capsys.readouterr().out
    with (tmp_path / "table" / "table.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["condition"] for row in rows} == {"builtin", "musicgen-small", "musicgen-small+moods"}
    assert {"clap", "circumplex_error", "tags_hamming", "quadrant_f1", "advance"} <= {row["metric"] for row in rows}
    results = json.loads((tmp_path / "table" / "results.json").read_bytes())
    assert [(each["base"], each["tuned"]) for each in results["comparisons"]] == [
        ("musicgen-small", "musicgen-small+moods")
    ]
    assert "<svg" in (tmp_path / "table" / "report.html").read_text(encoding="utf-8")
