import pytest

from musicmed_desktop.affect.spelling import did_you_mean, folded, listed, quoted


@pytest.mark.parametrize("name", ["acousticguitar", "Acoustic Guitar", "acoustic-guitar", " ACOUSTIC_guitar "])
def test_spellings_of_one_name_agree(name: str) -> None:
    assert folded(name) == "acousticguitar"


def test_a_near_miss_is_answered_with_the_usual_spelling() -> None:
    assert did_you_mean("at eese", ["calm", "at ease"]) == "Did you mean at ease?"
    assert did_you_mean("xyzzy", ["calm", "at ease"]) == ""


def test_words_are_listed_as_a_sentence_has_them() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(iter(["a", "b", "c"]), "or") == "a, b or c"


def test_a_quotation_stays_on_one_line_and_short() -> None:
    assert quoted("so\nlow") == '"so low"'
    assert len(quoted("x" * 5000)) == 42
