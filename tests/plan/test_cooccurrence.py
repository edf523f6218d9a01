import pytest

from musicmed_desktop.affect import moods
from musicmed_desktop.plan.cooccurrence import TagKind, counts, distribution, tags


@pytest.mark.parametrize("kind", ["genre", "instrument"])
def test_there_are_counts_for_every_mood_tag_and_every_tag(kind: TagKind) -> None:
    table = counts(kind)
    assert set(table) == {m.word for m in moods() if m.kind == "tag"}
    assert all(set(row) == set(tags(kind)) for row in table.values())
    assert all(sum(row.values()) > 0 for row in table.values())


def test_known_counts_are_found_where_they_belong() -> None:
    assert counts("genre")["action"]["soundtrack"] == 271
    assert counts("genre")["relaxing"]["ambient"] == 516
    assert counts("instrument")["advertising"]["piano"] == 116
    assert counts("instrument")["advertising"]["brass"] == 1


def test_a_distribution_is_the_mean_of_the_moods_shares() -> None:
    among = ("piano", "drums", "cello")
    calm, fun = (counts("instrument")[word] for word in ("calm", "fun"))
    expected = {
        tag: (calm[tag] / sum(calm[t] for t in among) + fun[tag] / sum(fun[t] for t in among)) / 2 for tag in among
    }
    assert distribution("instrument", ("calm", "fun"), among) == pytest.approx(expected)


def test_tags_that_the_data_never_saw_with_a_mood_are_equally_likely() -> None:
    unseen = [tag for tag, tracks in counts("genre")["calm"].items() if tracks == 0][:2]
    assert distribution("genre", ("calm",), unseen) == dict.fromkeys(unseen, 0.5)
