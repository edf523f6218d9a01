from __future__ import annotations

import json
import math

import jsonschema
import pytest
from pydantic import ValidationError

from musicmed_desktop.paths import resource
from musicmed_desktop.session.events import SessionFinished
from musicmed_desktop.session.record import Change, Coordinates, SessionRecord, json_schema
from musicmed_desktop.session.runner import SessionRunner
from tests.fakes.engines import ToneEngine, ToneRecognizer
from tests.fakes.recordings import MemoryRecording, walk
from tests.fakes.records import record_of

PUBLISHED = json.loads(resource("schemas/session.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def record() -> SessionRecord:
    *_, last = SessionRunner(walk(minutes=1.0), ToneEngine(), ToneRecognizer(), MemoryRecording(), tries=2).run()
    assert isinstance(last, SessionFinished)
    assert last.record is not None
    return last.record


def test_the_published_schema_is_in_step() -> None:
    jsonschema.Draft202012Validator.check_schema(PUBLISHED)
    assert json_schema() == PUBLISHED, "write json_schema() to resources/schemas/session.schema.json"


def test_a_real_record_follows_the_published_schema(record: SessionRecord) -> None:
    document = json.loads(record.to_json())
    jsonschema.Draft202012Validator(PUBLISHED).validate(document)
    assert document["schema_version"] == 1
    assert document["audio"].keys() >= {"path", "sample_rate", "channels", "duration_s", "loudness_lufs"}
    for step in document["steps"]:
        assert step["target"].keys() == step["measured"].keys() == {"valence", "arousal"}
        assert step["prompt"]
        assert step["heard"].keys() == {"brightness", "place"}


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("schema_version",), 2),
        (("steps", 0, "target", "valence"), 1.5),
        (("steps", 0, "tries"), 0),
        (("audio", "sample_rate"), 0),
        (("mood",), "sad"),
    ],
)
def test_what_no_session_has_is_refused_by_model_and_schema(
    record: SessionRecord, place: tuple[str | int, ...], value: object
) -> None:
    document = json.loads(record.to_json())
    inner = document
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    assert not jsonschema.Draft202012Validator(PUBLISHED).is_valid(document)
    with pytest.raises(ValidationError):
        SessionRecord.model_validate(document)


def test_a_record_survives_its_file(record: SessionRecord) -> None:
    text = record.to_json()
    assert text.endswith("}\n")
    again = SessionRecord.model_validate_json(text)
    assert again == record
    assert again.to_json() == text
    shortened = record_of(walk(), clips=2)
    assert SessionRecord.model_validate_json(shortened.to_json()) == shortened


def test_changes_are_a_part_of_the_record_where_there_were_any() -> None:
    plain = record_of(walk())
    assert "changes" not in json.loads(plain.to_json())
    change = Change(
        at_s=61.5,
        reason="moved",
        felt=Coordinates(valence=-0.2, arousal=0.4),
        prescription=plain.prescription,
        path=plain.path,
        seed=3,
    )
    changed = plain.model_copy(update={"changes": (change,)})
    document = json.loads(changed.to_json())
    jsonschema.Draft202012Validator(PUBLISHED).validate(document)
    assert document["changes"][0]["reason"] == "moved"
    assert SessionRecord.model_validate(document) == changed


def test_numbers_are_rounded_for_a_reader() -> None:
    assert Coordinates(valence=math.pi / 10, arousal=-1 / 3).model_dump() == {"valence": 0.3142, "arousal": -0.3333}
