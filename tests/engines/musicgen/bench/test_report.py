from __future__ import annotations

import pytest

from musicmed_desktop.engines.musicgen.bench import report
from musicmed_desktop.engines.musicgen.bench.order import Row
from musicmed_desktop.engines.musicgen.bench.report import Floor, Report, require
from musicmed_desktop.errors import UserError

OURS = Row("musicmed", "cpu", "int8", 36.0, 2.0, 3.6, 900.0, 30.0, 60.0)
PEERS = (
    Row("transformers", "cpu", "float32", 250.0, 13.0, 130.0, 3000.0),
    Row("audiocraft", "cpu", "float32", 290.0, 15.0, 150.0, 3000.0),
)
FLOOR = Floor(bytes_per_step=432e6, bytes_per_s=24e9, floor_ms_per_step=18.0)


def made(*peers: Row) -> Report:
    return Report("a computer", "a model", (OURS, *peers), FLOOR)


def test_ratios_compare_the_whole_way_to_sound() -> None:
    assert made(*PEERS).ratios == {"transformers": 6.5, "audiocraft": 7.5}
    assert made().ratios == {}


def test_the_document_has_what_was_measured() -> None:
    document = made(*PEERS).document()
    assert list(document) == ["machine", "model", "rows", "floor_ms_per_step", "ratios"]
    figures = {"ms_per_step", "s_per_audio_s", "time_to_first_chunk_s", "peak_memory_mb"}
    ours, *peers = document["rows"]
    assert ours.keys() == {"engine", "device", "dtype", "ms_at_step_100", "ms_at_step_1400"} | figures
    assert all(peer.keys() == {"engine", "device", "dtype"} | figures for peer in peers)
    assert document["floor_ms_per_step"] == 18.0


def test_two_sentences_tell_people_what_it_means() -> None:
    floor, faster = made(*PEERS).sentences()
    assert floor == (
        "No program can be faster than 18.0 ms per step here, since a step reads 432 MB and this machine reads 24 GB "
        "per second; MusicMed takes 2.0 times as long."
    )
    assert faster == (
        "From tokens to sound, MusicMed is 6.5 times as fast as transformers and 7.5 times as fast as audiocraft."
    )


def test_without_peers_there_is_nothing_to_compare() -> None:
    assert len(made().sentences()) == 1


def test_what_is_missing_is_named_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "installed", lambda _: False)
    with pytest.raises(UserError) as refused:
        require("audiocraft")
    assert refused.value.title == "The package audiocraft is not installed."
    assert "packaging/dev.py setup audiocraft" in refused.value.hint
