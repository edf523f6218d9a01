import pytest

from musicmed_desktop.errors import UserError
from musicmed_desktop.plan.cooccurrence import TagKind, tags
from musicmed_desktop.plan.palette import names, spoken, tag_of


@pytest.mark.parametrize(
    ("kind", "name", "tag"),
    [
        ("instrument", "acoustic guitar", "acousticguitar"),
        ("instrument", "Acoustic-Guitar", "acousticguitar"),
        ("instrument", "cello", "cello"),
        ("instrument", "cellos", "cello"),
        ("instrument", "strings", "strings"),
        ("instrument", "E-Piano", "electricpiano"),
        ("instrument", "double bass", "doublebass"),
        ("instrument", "synth pad", "pad"),
        ("genre", "ambient", "ambient"),
        ("genre", "solo piano", "classical"),
        ("genre", "acoustic", "folk"),
        ("genre", "lo-fi", "chillout"),
        ("genre", "lofi", "chillout"),
        ("genre", "Cinematic", "soundtrack"),
        ("genre", "jazz", "jazz"),
        ("genre", "electronic", "electronic"),
        ("genre", "R&B", "rnb"),
        ("genre", "new age", "newage"),
    ],
)
def test_friendly_names_stand_for_tags(kind: TagKind, name: str, tag: str) -> None:
    assert tag_of(kind, name) == tag


@pytest.mark.parametrize("kind", ["genre", "instrument"])
def test_every_name_is_understood_and_every_tag_is_its_own_name(kind: TagKind) -> None:
    assert {tag_of(kind, name) for name in names(kind)} == set(tags(kind))
    for tag in tags(kind):
        assert tag_of(kind, tag) == tag
        assert tag_of(kind, spoken(tag)) == tag


def test_all_tags_of_the_data_are_there() -> None:
    assert len(tags("genre")) == 87
    assert len(tags("instrument")) == 40
    assert "voice" in tags("instrument")


@pytest.mark.parametrize(
    ("kind", "typed", "title", "guess"),
    [
        ("instrument", "pianno", '"pianno" is not an instrument that I know.', "Did you mean piano"),
        ("instrument", "accustic guitar", '"accustic guitar" is not an', "acoustic guitar"),
        ("genre", "ambiant", '"ambiant" is not a genre that I know.', "Did you mean ambient"),
        ("genre", "qqqq", '"qqqq" is not a genre that I know.', "For example: ambient, solo piano"),
    ],
)
def test_an_unknown_name_gets_the_nearest_ones(kind: TagKind, typed: str, title: str, guess: str) -> None:
    with pytest.raises(UserError) as refused:
        tag_of(kind, typed)
    assert refused.value.title.startswith(title)
    assert guess in refused.value.hint
