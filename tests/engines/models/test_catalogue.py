from __future__ import annotations

import json
from math import prod

import pytest
from pydantic import ValidationError

from musicmed_desktop.engines.models.catalogue import (
    Entry,
    _Catalogue,
    catalogue,
    find_entry,
    recognized,
)
from musicmed_desktop.engines.models.computer import SHAPES
from musicmed_desktop.engines.models.files import StoredFile
from musicmed_desktop.engines.models.licences import find_licence
from musicmed_desktop.engines.models.names import check_name
from musicmed_desktop.engines.musicgen.bench.weights import codec_sizes, decoder_sizes
from musicmed_desktop.engines.musicgen.installed import AUDIOCRAFT_FILES
from musicmed_desktop.engines.musicgen.shapes import CodecShape
from musicmed_desktop.errors import UserError
from musicmed_desktop.paths import resource

ENTRIES = catalogue()
MODELS = [entry for entry in ENTRIES if entry.kind == "model"]


def by_name(entry: Entry) -> str:
    return entry.name


def arrived(entry: Entry) -> list[StoredFile]:
    """Its files as they would lie in the store; what the catalogue does not know of them is anything."""
    return [StoredFile(file.path, file.size or 1, file.sha256 or "a" * 64) for file in entry.files]


def test_there_are_three_models_and_clap_each_once() -> None:
    assert [entry.name for entry in ENTRIES] == [
        "musicgen-small",
        "musicgen-medium",
        "musicgen-large",
        "clap-htsat-fused",
    ]
    assert [entry.memory for entry in MODELS] == sorted(entry.memory for entry in MODELS)


@pytest.mark.parametrize("entry", ENTRIES, ids=by_name)
def test_an_entry_is_whole(entry: Entry) -> None:
    check_name(entry.name)
    assert find_licence(entry.licence).id == entry.licence
    assert find_entry(entry.name) is entry
    paths = [file.path for file in entry.files]
    assert len({path.lower() for path in paths}) == len(paths)
    assert {"config.json", "tokenizer.json"} <= {path.rpartition("/")[2] for path in paths}
    assert f"The download is {entry.download / 1e9:.1f} GB." in entry.summary
    known = [file.size for file in entry.files if file.size]
    assert sum(known) == entry.download if len(known) == len(paths) else sum(known) < entry.download


@pytest.mark.parametrize("entry", MODELS, ids=by_name)
def test_the_weights_of_every_model_are_vouched_for_and_no_program_is_among_its_files(entry: Entry) -> None:
    assert all(file.sha256 for file in entry.files if file.path.endswith((".safetensors", ".bin")))
    unsafe = [file.path for file in entry.files if not file.path.endswith((".safetensors", ".json"))]
    assert unsafe in ([], list(AUDIOCRAFT_FILES))


@pytest.mark.parametrize("entry", MODELS, ids=by_name)
def test_the_memory_is_by_the_rule_that_the_catalogue_states(entry: Entry) -> None:
    shape = SHAPES[entry.name]
    decoder, codec = (sum(map(prod, sizes.values())) for sizes in (decoder_sizes(shape), codec_sizes(CodecShape())))
    cache = 3 * shape.layers * 2 * shape.hidden  # numbers for a column
    on_processor = 1.1e9 + (110e6 + codec) * 4 + decoder * (1 + 4 / 128) + cache * 1004 * 4
    on_graphics = 0.6e9 + decoder * 2 + cache * 1504 * 2
    assert entry.memory == pytest.approx(max(on_processor, on_graphics), rel=0.02)


def test_what_is_not_there_is_told_with_what_there_is() -> None:
    with pytest.raises(UserError, match=r"no model named 'musicgen-huge'.*musicgen-small, musicgen-medium"):
        find_entry("musicgen-huge")


@pytest.mark.parametrize("entry", MODELS, ids=by_name)
def test_a_model_is_recognized_by_its_files_whatever_lies_beside_them(entry: Entry) -> None:
    files = arrived(entry)
    assert recognized([*files, StoredFile("README.md", 5, "b" * 64)]) is entry
    for file in entry.files:
        if file.sha256:
            others = [each for each in files if each.path != file.path]
            assert recognized(others) is None
            assert recognized([*others, StoredFile(file.path, file.size or 1, "c" * 64)]) is None
            assert recognized([*others, StoredFile(f"elsewhere/{file.path}", 1, file.sha256)]) is None


def test_nothing_is_recognized_without_its_weights() -> None:
    assert recognized([]) is None
    assert recognized(arrived(find_entry("clap-htsat-fused"))) is None  # its weights' hash is not known


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"config.json"', '"../config.json"'),
        ('"config.json"', '"/config.json"'),
        ('"config.json"', '"a//config.json"'),
        ('"config.json"', '"a/.hidden"'),
        ('"config.json"', r'"a\\config.json"'),
        ('"config.json"', '"config.json\\n"'),
        ('"t5-base"', '".."'),
        ("4c8334b02c6ec4e8664a91979669a501ec497792", "main"),
        ("4c8334b02c6ec4e8664a91979669a501ec497792", "4C8334B02C6EC4E8664A91979669A501EC497792"),
        ("1bdc99d43eb6c775967df24b65b0a9f847c0907e95664698d93b5a1c35f5090d", "1bdc99d4"),
        ('"size": 1208', '"size": -1'),
        ('"kind": "model"', '"kind": "program"'),
        ('"memory": 2700000000', '"memory": "much"'),
        ('"revision"', '"revison"'),
        ('"licence"', '"license"'),
    ],
)
def test_a_slip_in_the_file_does_not_go_unseen(before: str, after: str) -> None:
    text = resource("models.json").read_text(encoding="utf-8")
    assert before in text
    with pytest.raises(ValidationError):
        _Catalogue.model_validate_json(text.replace(before, after, 1))
    assert json.loads(text)["about"]
