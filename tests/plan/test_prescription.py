import json
from typing import Any

import jsonschema
import pytest

from musicmed_desktop.affect import Affect, mood
from musicmed_desktop.errors import UserError
from musicmed_desktop.paths import resource
from musicmed_desktop.plan import Limits, Prescription, parse_prescription

WAY: dict[str, Any] = {"start": "anxious", "target": "calm"}
FULL: dict[str, Any] = {
    "schema_version": 1,
    "start": [-0.6, 0.7],
    "target": {"valence": 0.6, "arousal": -0.5},
    "minutes": 20,
    "palette": {"instruments": ["piano", "acoustic guitar"], "genres": ["lo-fi"]},
    "path": "by_way_of_calm",
    "shares": {"match": 0.3, "transition": 0.4, "settle": 0.3},
    "waypoints": [{"point": "tired", "at": 0.4}, {"point": [0.1, -0.2], "at": 0.6}],
    "limits": {"lowest_valence": -0.7, "greatest_intensity": 1.0, "negative_minutes": 8},
    "note": "Before sleep.",
}
ACCEPTED = [
    WAY,
    FULL,
    {**WAY, "minutes": 1},
    {**WAY, "minutes": 60.0},
    {**WAY, "start": [0, 0]},
    {**WAY, "limits": {"negative_minutes": None}},
    {**WAY, "palette": {"genres": ["solo piano", "jazz"]}},
    {**WAY, "path": "arousal_first", "waypoints": []},
]
REFUSED: list[tuple[Any, str, str]] = [  # document, the field that the sentence names, what it allows
    ([], "The prescription", "an object"),
    ("calm", "The prescription", "an object"),
    (None, "The prescription", "an object"),
    ({"start": "calm"}, '"target" is missing', "a mood word, or valence and arousal from -1 to 1"),
    ({**WAY, "minutes": 0.5}, '"minutes" cannot be 0.5', "from 1 to 60"),
    ({**WAY, "minutes": 61}, '"minutes" cannot be 61', "from 1 to 60"),
    ({**WAY, "minutes": 10**400}, '"minutes" cannot be 1000', "from 1 to 60"),
    ({**WAY, "minutes": "15"}, '"minutes" cannot be "15"', "from 1 to 60"),
    ({**WAY, "minutes": True}, '"minutes" cannot be true', "from 1 to 60"),
    ({**WAY, "start": [2, 0]}, '"start" cannot be [2, 0]', "from -1 to 1"),
    ({**WAY, "start": [0]}, '"start" cannot be [0]', "from -1 to 1"),
    ({**WAY, "start": [0, "1"]}, '"start" cannot be [0, "1"]', "from -1 to 1"),
    ({**WAY, "start": [0, True]}, '"start" cannot be [0, true]', "from -1 to 1"),
    ({**WAY, "start": [0, 10**400]}, '"start" cannot be [0, 100', "from -1 to 1"),
    ({**WAY, "start": {"valence": 1}}, '"start" cannot be', "from -1 to 1"),
    ({**WAY, "start": {"valence": 1, "arousal": 0, "x": 0}}, '"start" cannot be', "from -1 to 1"),
    ({**WAY, "start": None}, '"start" cannot be null', "a mood word"),
    ({**WAY, "start": "anxios"}, 'In "start": "anxios" is not a mood', "Did you mean anxious?"),
    ({**WAY, "minuts": 15}, '"minuts" is not a field', "minutes"),
    ({**WAY, "xyzzy": 15}, '"xyzzy" is not a field', "start, target, minutes"),
    ({**WAY, "path": "scenic"}, '"path" cannot be "scenic"', "auto, straight, arousal_first and by_way_of_calm"),
    ({**WAY, "palette": []}, '"palette" cannot be []', "instruments and genres"),
    ({**WAY, "palette": {"instruments": "piano"}}, '"palette: instruments" cannot be', "a list of at most 12"),
    ({**WAY, "palette": {"instruments": [4]}}, '"palette: instruments 1" cannot be 4', "instruments"),
    ({**WAY, "palette": {"instruments": ["pianno"]}}, '"pianno" is not an instrument', "piano"),
    ({**WAY, "palette": {"instruments": ["piano"] * 13}}, '"palette: instruments"', "at most 12"),
    ({**WAY, "palette": {"genres": ["solo piano"], "instruments": ""}}, '"palette: instruments" cannot', "a list"),
    ({**WAY, "palette": {"genres": ["ambiant"]}}, '"ambiant" is not a genre', "ambient"),
    ({**WAY, "shares": {"match": -0.1}}, '"shares: match" cannot be -0.1', "from 0 to 1"),
    ({**WAY, "shares": {"rest": 0.1}}, '"shares: rest" is not a field', "match, transition and settle"),
    ({**WAY, "waypoints": [{"point": "calm"}]}, '"waypoints 1: at" is missing', "from 0 to 1"),
    ({**WAY, "waypoints": [{"at": 0.5, "point": "clam"}]}, '"waypoints 1: point": "clam"', "calm"),
    ({**WAY, "limits": {"lowest_valence": 0.1}}, '"limits: lowest_valence" cannot be 0.1', "from -1 to 0"),
    ({**WAY, "limits": {"negative_minutes": -1}}, '"limits: negative_minutes"', "from 0 to 60, or null"),
    ({**WAY, "schema_version": 0}, '"schema_version" cannot be 0', "1"),
    ({**WAY, "schema_version": "1"}, '"schema_version" cannot be "1"', "1"),
    ({**WAY, "schema_version": 2}, "schema version 2", "newer MusicMed Desktop"),
    ({**WAY, "note": 3}, '"note" cannot be 3', "a text"),
]
# What JSON Schema cannot say, or JSON cannot write.
REFUSED_BY_THE_MODEL_ALONE: list[tuple[Any, str, str]] = [
    ({**WAY, "minutes": float("nan")}, '"minutes" cannot be NaN', "from 1 to 60"),
    ({**WAY, "minutes": float("inf")}, '"minutes" cannot be Infinity', "from 1 to 60"),
    ({**WAY, "start": [0, float("nan")]}, '"start" cannot be [0, NaN]', "from -1 to 1"),
    ({**WAY, "schema_version": True}, '"schema_version" cannot be true', "1"),
    ({**WAY, "shares": {"match": 0.5}}, 'In "shares": match, transition and settle', "add up to 1, not to 1.25"),
    (
        {**WAY, "waypoints": [{"point": "tired", "at": 0.5}, {"point": "content", "at": 0.4}]},
        "The waypoints",
        "in the order in which they are reached",
    ),
    (
        {**WAY, "waypoints": [{"point": "sad", "at": 0.5}], "limits": {"lowest_valence": -0.5}},
        "The waypoint at 50%",
        "widen the limits",
    ),
]


def published_schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(resource("schemas/prescription.schema.json").read_text(encoding="utf-8"))
    return schema


def schema_accepts(document: Any) -> bool:
    return bool(jsonschema.Draft202012Validator(published_schema()).is_valid(document))


def test_the_published_schema_is_the_models() -> None:
    """To publish it anew, write `json.dumps(Prescription.json_schema(), indent=2)` and a newline there."""
    assert published_schema() == Prescription.json_schema()
    jsonschema.Draft202012Validator.check_schema(published_schema())


@pytest.mark.parametrize("document", ACCEPTED)
def test_model_and_schema_accept_the_same(document: Any) -> None:
    assert isinstance(parse_prescription(document), Prescription)
    assert schema_accepts(document)


@pytest.mark.parametrize(("document", "field", "allowed"), REFUSED)
def test_model_and_schema_refuse_the_same(document: Any, field: str, allowed: str) -> None:
    refused_with_one_sentence(document, field, allowed)
    assert not schema_accepts(document)


@pytest.mark.parametrize(("document", "field", "allowed"), REFUSED_BY_THE_MODEL_ALONE)
def test_the_model_refuses_what_a_schema_cannot_express(document: Any, field: str, allowed: str) -> None:
    refused_with_one_sentence(document, field, allowed)


def refused_with_one_sentence(document: Any, field: str, allowed: str) -> None:
    with pytest.raises(UserError) as refused:
        parse_prescription(document)
    message = str(refused.value)
    assert field in message
    assert allowed in message
    assert "\n" not in message
    assert len(message) < 250
    assert not any(jargon in message for jargon in ("pydantic", "validation", "type=", "Traceback"))


def test_further_problems_are_kept_as_detail() -> None:
    with pytest.raises(UserError) as refused:
        parse_prescription({"start": "calm", "minutes": 90})
    assert refused.value.title == '"target" is missing.'
    assert '"minutes" cannot be 90.' in refused.value.detail


def test_every_way_to_write_a_point_gives_the_same_point() -> None:
    calm = mood("calm").affect
    ways: list[Any] = ["calm", " Calm", [0.6, -0.8], (0.6, -0.8), {"valence": 0.6, "arousal": -0.8}, calm]
    assert {parse_prescription({**WAY, "target": way}).target for way in ways} == {calm}


def test_coordinates_count_to_a_millionth() -> None:
    start = parse_prescription({**WAY, "start": Affect(-1e-300, 1 / 3)}).start
    assert str(start) == "Affect(valence=0.0, arousal=0.333333)"


def test_what_is_left_out_gets_the_usual_session() -> None:
    usual = parse_prescription(WAY)
    assert usual.minutes == 15
    assert (usual.shares.match, usual.shares.transition, usual.shares.settle) == (0.25, 0.55, 0.20)
    assert (usual.path, usual.waypoints, usual.note) == ("auto", (), "")
    assert (usual.palette.instruments, usual.palette.genres) == ((), ())


@pytest.mark.parametrize("document", ACCEPTED)
def test_a_prescription_survives_being_written_and_read(document: Any) -> None:
    prescription = parse_prescription(document)
    written = json.loads(prescription.model_dump_json())
    assert parse_prescription(written) == prescription
    assert schema_accepts(written)


def test_solo_piano_is_a_genre_with_its_instrument() -> None:
    palette = parse_prescription({**WAY, "palette": {"genres": ["Solo-Piano"]}}).palette
    assert (palette.genres, palette.instruments) == (("classical",), ("piano",))
    asked = {"genres": ["solo piano"], "instruments": ["cello"]}
    assert parse_prescription({**WAY, "palette": asked}).palette.instruments == ("cello",)


def test_names_of_one_tag_count_once() -> None:
    palette = parse_prescription({**WAY, "palette": {"instruments": ["e-piano", "Electric Piano"]}}).palette
    assert palette.instruments == ("electricpiano",)


def test_a_prescription_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        parse_prescription(WAY).minutes = 3


@pytest.mark.parametrize(
    ("limits", "point", "allowed"),
    [
        (Limits(), Affect(-1, 1), Affect(-1, 1)),
        (Limits(lowest_valence=-0.5), Affect(-0.9, 0.3), Affect(-0.5, 0.3)),
        (Limits(greatest_intensity=0.5), Affect(0.6, -0.8), Affect(0.3, -0.4)),
        (Limits(lowest_valence=-0.6, greatest_intensity=0.5), Affect(-0.9, 0.8), Affect(-0.3, 0.4)),
        (Limits(negative_minutes=0), Affect(-0.9, 0.3), Affect(0, 0.3)),
        (Limits(lowest_valence=-0.5), Affect(0.2, 0.3), Affect(0.2, 0.3)),
    ],
)
def test_limits_move_a_point_to_where_it_is_allowed(limits: Limits, point: Affect, allowed: Affect) -> None:
    moved = limits.nearest(point)
    assert (moved.valence, moved.arousal) == pytest.approx((allowed.valence, allowed.arousal))
