from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from musicmed_desktop.engines.musicgen.checkpoint.settings import Settings, read_json, read_yaml
from musicmed_desktop.errors import UserError

FILE = Path("folder/config.json")


def settings(**values: Any) -> Settings:
    return Settings(FILE, values, values)


def test_a_whole_number_is_read_or_its_default() -> None:
    assert settings(width=64).count("width") == 64
    assert settings().count("width", 32) == settings(width=None).count("width", 32) == 32


@pytest.mark.parametrize("value", [0, -1, True, 1.5, "64", None, [64], 2_000_000, 10**40])
def test_anything_else_than_a_sensible_size_is_refused(value: object) -> None:
    with pytest.raises(UserError, match=r"config\.json .*width is"):
        settings(width=value).count("width")


def test_lists_of_sizes() -> None:
    assert settings(ratios=[8, 5, 4, 4]).counts("ratios") == (8, 5, 4, 4)
    assert settings().counts("ratios", (2, 3)) == (2, 3)
    for value in ([], [8, 0], [8, "5"], "85", {"a": 1}, [1] * 9):
        with pytest.raises(UserError, match="ratios"):
            settings(ratios=value).counts("ratios")


def test_sections_know_their_place() -> None:
    with pytest.raises(UserError, match=r"decoder\.inner\.width is missing"):
        settings(decoder={"inner": {}}).section("decoder").section("inner").count("width")
    with pytest.raises(UserError, match="decoder is no section"):
        settings(decoder=[]).section("decoder")
    assert settings().section("absent").get("width") is None


def test_a_demand_names_what_is_there_instead() -> None:
    settings(kind="gelu").demand("kind", "gelu")
    settings().demand("kind", "gelu")
    with pytest.raises(UserError, match="kind is 'relu' instead of 'gelu'"):
        settings(kind="relu").demand("kind", "gelu")
    with pytest.raises(UserError, match="causal is True instead of False"):
        settings().demand("causal", False, default=True)


def test_references_lead_through_the_whole_file() -> None:
    config = settings(rate="${codec.rate}", codec={"rate": "${other}"}, other=32_000)
    assert config.count("rate") == 32_000
    assert config.section("codec").count("rate") == 32_000
    assert settings(rate="${nowhere.at.all}").get("rate") is None


def test_circles_of_references_end() -> None:
    with pytest.raises(UserError, match="refers to itself"):
        settings(a="${b}", b="${a}").get("a")


def test_aliases_in_yaml_that_multiply_cost_nothing() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 40)), "width: 64"]
    assert read_yaml(FILE, "\n".join(lines)).count("width") == 64


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"3", b"\xff\xfe", b'{"a": 1}x', b"[" * 100_000])
def test_a_file_that_is_no_object_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "config.json").write_bytes(content)
    with pytest.raises(UserError, match=r"config\.json is damaged"):
        read_json(tmp_path / "config.json")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"config\.json is missing"):
        read_json(tmp_path / "config.json")
    with pytest.raises(UserError, match="damaged"):
        read_json(tmp_path)
