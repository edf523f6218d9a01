import statistics
import subprocess
import sys
from collections import Counter

import pytest

from musicmed_desktop.affect import Affect, Mood, mood, moods, nearest, quadrant
from musicmed_desktop.affect.moods import rescaled
from musicmed_desktop.errors import UserError
from musicmed_desktop.paths import resource


def table() -> list[dict[str, str]]:
    lines = resource("moods.tsv").read_text(encoding="utf-8").splitlines()
    header, *rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return [dict(zip(header, row, strict=False)) for row in rows]


def dataset_tags() -> set[str]:
    lines = resource("cooccurrence_genre.tsv").read_text(encoding="utf-8").splitlines()
    return set(next(line for line in lines if not line.startswith("#")).split("\t")[1:])


def test_the_tags_are_the_56_of_the_dataset() -> None:
    tags = {m.word for m in moods() if m.kind == "tag"}
    assert len(tags) == 56
    assert tags == dataset_tags()


def test_people_find_words_for_themselves() -> None:
    feelings = {m.word for m in moods() if m.felt}
    assert sum(m.kind == "feeling" for m in moods()) >= 60
    assert feelings >= {
        *("anxious", "angry", "restless", "stressed", "overwhelmed", "irritable", "worried"),
        *("low", "numb", "lonely", "tired", "sleepy", "grieving", "empty"),
        *("calm", "content", "relaxed", "peaceful", "grateful"),
        *("hopeful", "joyful", "focused", "energetic", "excited"),
    }
    assert not feelings & {"advertising", "corporate", "film", "trailer"}


def test_every_row_of_a_norm_is_its_rescaled_norm() -> None:
    rows = [row for row in table() if row["source"].startswith("warriner2013:")]
    assert len(rows) > 90
    for row in rows:
        place = rescaled(float(row["norm_valence"]), float(row["norm_arousal"]))
        assert (place.valence, place.arousal) == pytest.approx(
            (float(row["valence"]), float(row["arousal"])), abs=0.0051
        ), row["word"]


def test_every_row_placed_by_hand_says_why() -> None:
    by_hand = [row for row in table() if row["source"] == "hand"]
    assert all(row["reason"] for row in by_hand)
    assert len(by_hand) < len(table()) / 3


def test_rescaling_brings_the_percentiles_to_where_it_says() -> None:
    rows = [row for row in table() if row["source"].startswith("warriner2013:")]
    for norm, axis in (("norm_valence", "valence"), ("norm_arousal", "arousal")):
        norms = [float(row[norm]) for row in rows]
        twentieths = statistics.quantiles(norms, n=20, method="inclusive")
        ends = [getattr(rescaled(*([end] * 2)), axis) for end in (twentieths[0], twentieths[-1])]
        assert ends == pytest.approx([-0.85, 0.85], abs=0.05)


def test_the_vocabulary_spans_the_circle() -> None:
    places = [m.affect for m in moods()]
    assert Counter(map(quadrant, places)).most_common()[-1][1] >= 15
    for axis in ("valence", "arousal"):
        values = [getattr(place, axis) for place in places]
        assert min(values) <= -0.9
        assert max(values) >= 0.9


def test_no_two_words_share_a_place_or_a_spelling() -> None:
    assert len({m.affect for m in moods()}) == len(moods())
    assert len({m.word.replace(" ", "") for m in moods()}) == len(moods())
    assert list(moods()) == sorted(moods(), key=lambda m: m.word)


@pytest.mark.parametrize(
    ("low", "high", "axis"),
    [
        ("sad", "happy", "valence"),
        ("angry", "calm", "valence"),
        ("dark", "uplifting", "valence"),
        ("calm", "excited", "arousal"),
        ("sleepy", "energetic", "arousal"),
        ("depressed", "angry", "arousal"),
        ("relaxing", "epic", "arousal"),
        ("slow", "fast", "arousal"),
    ],
)
def test_words_lie_where_listeners_and_music_put_them(low: str, high: str, axis: str) -> None:
    assert getattr(mood(low).affect, axis) < getattr(mood(high).affect, axis) - 0.5


@pytest.mark.parametrize("spelling", ["at ease", "At-Ease", " ATEASE "])
def test_case_spaces_and_hyphens_do_not_matter(spelling: str) -> None:
    assert mood(spelling).word == "at ease"


@pytest.mark.parametrize(
    ("typed", "meant"), [("anxios", "anxious"), ("anger", "angry"), ("joy", "joyful"), ("stress", "stressed")]
)
def test_an_unknown_mood_names_the_nearest_spellings(typed: str, meant: str) -> None:
    with pytest.raises(UserError) as refused:
        mood(typed)
    assert refused.value.title == f'"{typed}" is not a mood that I know.'
    assert refused.value.hint.startswith("Did you mean ")
    assert meant in refused.value.hint
    assert refused.value.hint.endswith("musicmed moods lists them all.")


@pytest.mark.parametrize("typed", ["", "  ", "💜", "x" * 100_000])
def test_a_word_like_no_other_still_gets_a_short_answer(typed: str) -> None:
    with pytest.raises(UserError) as refused:
        mood(typed)
    assert refused.value.hint == "musicmed moods lists them all."
    assert len(str(refused.value)) < 150


def test_nearest_moods_come_in_order_of_distance() -> None:
    here = Affect(-0.3, 0.4)
    found = nearest(here, count=len(moods()))
    distances = [m.affect.distance(here) for m in found]
    assert distances == sorted(distances)
    assert set(found) == set(moods())


def test_every_mood_is_nearest_to_its_own_place() -> None:
    assert [nearest(m.affect, count=1) for m in moods()] == [(m,) for m in moods()]


def test_nearest_keeps_to_the_kind_that_is_asked_for() -> None:
    calm = mood("calm")
    assert nearest(calm.affect, 1, kind="feeling") == (calm,)  # a tag, and said of oneself
    assert {m.kind for m in nearest(calm.affect, 56, kind="tag")} == {"tag"}
    assert all(m.felt for m in nearest(calm.affect, 500, kind="feeling"))


def test_quadrants_have_russells_names() -> None:
    words = {"excitement": "excited", "distress": "anxious", "depression": "gloomy", "contentment": "calm"}
    assert {quadrant(mood(word).affect) for word in words.values()} == set(words)
    for name, word in words.items():
        assert quadrant(mood(word).affect) == name


def test_a_mood_is_a_value() -> None:
    assert mood("calm") == Mood("calm", mood("calm").affect, "tag", "hand", True)
    with pytest.raises(AttributeError):
        mood("calm").word = "loud"  # type: ignore[misc]


def test_the_circumplex_needs_the_standard_library_alone() -> None:
    program = (
        "import sys; before = set(sys.modules); from musicmed_desktop.affect import moods; moods();"
        "new = {name.split('.')[0] for name in set(sys.modules) - before};"
        "print(*sorted(new - set(sys.stdlib_module_names)))"
    )
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert output.split() == ["musicmed_desktop"]
