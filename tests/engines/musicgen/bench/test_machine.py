from __future__ import annotations

from pathlib import Path

from musicmed_desktop.engines.musicgen.bench.machine import machine, processor


def test_a_processor_is_called_by_its_model(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("processor\t: 0\nmodel name\t: Example 7 CPU @ 2.1 GHz\nprocessor\t: 1\n")
    assert processor(cpuinfo) == "Example 7 CPU @ 2.1 GHz"


def test_where_the_system_does_not_tell_its_kind_has_to_do(tmp_path: Path) -> None:
    assert processor(tmp_path / "cpuinfo")


def test_a_machine_is_told_in_one_line() -> None:
    assert "cores, " in machine("cpu")
    assert machine("mps").endswith("Apple's graphics processor")
    assert "\n" not in machine("cpu")
