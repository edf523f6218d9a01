from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from musicmed_desktop.engines.musicgen.bench import report
from musicmed_desktop.engines.musicgen.bench.order import Row
from tests.fakes.musicgen import save_transformers, tiny_transformers

if TYPE_CHECKING:
    from tests.cli.conftest import Musicmed

FIGURE = {"type": "number", "exclusiveMinimum": 0}
ROW = {
    "type": "object",
    "required": [
        "engine",
        "device",
        "dtype",
        "ms_per_step",
        "s_per_audio_s",
        "time_to_first_chunk_s",
        "peak_memory_mb",
    ],
    "properties": {"engine": {"type": "string"}, "device": {"type": "string"}, "dtype": {"type": "string"}},
    "additionalProperties": FIGURE,
}
DOCUMENT: dict[str, Any] = {
    "type": "object",
    "required": ["machine", "model", "rows", "floor_ms_per_step", "ratios"],
    "additionalProperties": False,
    "properties": {
        "machine": {"type": "string", "minLength": 1},
        "model": {"type": "string", "minLength": 1},
        "rows": {"type": "array", "items": ROW},
        "floor_ms_per_step": FIGURE,
        "ratios": {"type": "object", "additionalProperties": FIGURE},
    },
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_transformers(tiny_transformers(), tmp_path_factory.mktemp("models") / "musicgen-tiny")


def test_json_has_a_row_for_each_engine(musicmed: Musicmed, folder: Path) -> None:
    ran = musicmed("bench", "--model", str(folder), "--seconds", "1", "--against", "transformers", "--json")
    assert ran.code == 0, ran.err
    document = json.loads(ran.out)
    jsonschema.validate(document, DOCUMENT)
    ours, peer = document["rows"]
    assert (ours["engine"], peer["engine"]) == ("musicmed", "transformers")
    assert ours["device"] == peer["device"]
    assert {"ms_at_step_100", "ms_at_step_1400"} <= ours.keys()
    for row in document["rows"]:
        assert row["ms_per_step"] * 53 / 1000 <= row["s_per_audio_s"]  # of one second, the steps are a part
    assert document["ratios"] == {"transformers": peer["s_per_audio_s"] / ours["s_per_audio_s"]}
    assert "MusicGen makes the music on " in ran.err


def made(*_: object) -> report.Report:
    ours = Row("musicmed", "cpu", "int8", 36.04, 2.049, 3.6, 899.9, 30.0, 60.0)
    peer = Row("transformers", "cpu", "float32", 250.0, 13.0, 130.0, 3000.0)
    return report.Report("a computer", "a model", (ours, peer), report.Floor(432e6, 24e9, 18.0))


def test_people_get_a_table_and_sentences(musicmed: Musicmed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "measure", made)
    ran = musicmed("bench", "--against", "transformers")
    assert ran.out.splitlines() == [
        "a computer",
        "a model",
        "",
        "engine        device  type     ms per step  s per s of music  first sound after  peak memory",
        "musicmed      cpu     int8     36.0         2.05              3.6 s              900 MB",
        "transformers  cpu     float32  250.0        13.00             130.0 s            3000 MB",
        "",
        *made().sentences(),
    ]


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ([], (10.0, None, ["transformers", "audiocraft"])),
        (["--against", ""], (10.0, None, [])),
        (["--seconds", "2", "--model", "here", "--against", "audiocraft"], (2.0, Path("here"), ["audiocraft"])),
    ],
)
def test_what_is_asked_for_is_what_is_measured(
    musicmed: Musicmed, monkeypatch: pytest.MonkeyPatch, arguments: list[str], wanted: tuple[object, ...]
) -> None:
    orders = []

    def measure(*order: object) -> report.Report:
        orders.append(order[:3])
        return made()

    monkeypatch.setattr(report, "measure", measure)
    monkeypatch.setattr(report, "installed", lambda _: True)
    assert musicmed("bench", *arguments).code == 0
    assert orders == [wanted]


def test_a_peer_that_is_not_installed_is_refused_when_it_was_asked_for(
    musicmed: Musicmed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "installed", lambda package: package != "audiocraft")
    ran = musicmed("bench", "--against", "transformers,audiocraft")
    assert ran.code == 2
    assert ran.err == "The package audiocraft is not installed. Start python3 packaging/dev.py setup audiocraft.\n"


def test_a_peer_that_is_not_installed_is_else_left_out_with_a_word(
    musicmed: Musicmed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(report, "installed", lambda package: package == "torch")
    ran = musicmed("bench", "--model", str(tmp_path / "no-model"))
    assert ran.code == 2
    assert ran.err.splitlines()[:2] == [
        "transformers is left out: it is not installed.",
        "audiocraft is left out: it is not installed.",
    ]
    assert "no-model" in ran.err


def test_an_unknown_peer_is_refused(musicmed: Musicmed) -> None:
    ran = musicmed("bench", "--against", "magnet")
    assert ran.code == 2
    assert ran.err == 'There is no peer named "magnet". Choose from: transformers, audiocraft.\n'


def test_more_than_a_window_is_refused(musicmed: Musicmed) -> None:
    assert musicmed("bench", "--seconds", "31").code == 2
