"""An evaluation as a person starts it: real music, real signals, real files."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import soundfile

from musicmed_desktop import cli
from musicmed_desktop.cli.evaluate.asking import TAKEN
from musicmed_desktop.cli.evaluate.following import show
from musicmed_desktop.engines import Choice
from musicmed_desktop.engines.models.store import Store
from musicmed_desktop.evaluation import making
from musicmed_desktop.evaluation.events import ClipHeard, ConditionBegun, Event, ReferenceHeard, Stopped, WalkHeard
from musicmed_desktop.evaluation.items import items
from musicmed_desktop.evaluation.request import Request
from musicmed_desktop.evaluation.values import Condition
from musicmed_desktop.evaluation.walking import journeys
from tests.fakes.adapters import save_adapter
from tests.fakes.engines import RATE, ToneEngine, tones
from tests.fakes.models import copied, installed, save_clap, save_model, tiny
from tests.fakes.musicgen import save_transformers, tiny_transformers
from tests.fakes.places import single_thread
from tests.fakes.terminal import shown_on_a_terminal

if TYPE_CHECKING:
    from tests.cli.conftest import Musicmed

MUSICMED = (sys.executable, "-m", "musicmed_desktop.cli")
COMPOSER = (
    "evaluate",
    "--builtin",
    "--no-clap",
    "--moods",
    "calm,sad,happy,dark,epic",
    "--instruments",
    "piano",
    "--seconds",
    "5",
)
posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    yield from single_thread()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """An evaluation that nothing disturbs, and what it printed."""
    folder = tmp_path_factory.mktemp("whole") / "out"
    with redirect_stdout(StringIO()) as printed:
        assert cli.main((*COMPOSER, "--out", str(folder))) == 0
    return folder, printed.getvalue()


def test_it_tells_the_scores_and_where_the_report_is(whole: tuple[Path, str]) -> None:
    folder, printed = whole
    assert printed.startswith("builtin\n" + "".join(f"builtin, clip {number} of 5\n" for number in range(1, 6)))
    # Five clips are too few for an interval.
    assert re.search(r"^Circumplex error +\d\.\d+ +lower is better$", printed, re.MULTILINE)
    assert printed.endswith(f"The report: {folder / 'report.html'}\n")
    assert {"report.html", "table.md", "table.csv", "results.json"} <= {path.name for path in folder.iterdir()}


@posix
def test_killed_it_goes_on_to_the_same_results(whole: tuple[Path, str], musicmed: Musicmed, tmp_path: Path) -> None:
    command = [*MUSICMED, *COMPOSER, "--out", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        assert running.stdout is not None
        while "clip 1 of 5" not in (said := running.stdout.readline()):
            assert said
        running.kill()
    assert running.returncode == -signal.SIGKILL
    (first,) = (tmp_path / "builtin").glob("calm-*.json")
    made = first.stat().st_mtime_ns
    ran = musicmed(*COMPOSER, "--out", str(tmp_path))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("builtin, there already: ")
    assert first.stat().st_mtime_ns == made
    assert (tmp_path / "results.json").read_bytes() == (whole[0] / "results.json").read_bytes()


@posix
def test_ctrl_c_keeps_what_was_heard(musicmed: Musicmed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    second = items(("sad",), ("piano",), 1)[0].seed

    def press(seed: int) -> float:
        if seed == second:
            os.kill(os.getpid(), signal.SIGINT)
        return 0.0

    engine = ToneEngine(delay=press)
    monkeypatch.setattr(making, "open_engine", lambda _: engine)
    ran = musicmed(*COMPOSER, "--out", str(tmp_path))
    assert (ran.code, ran.out) == (130, "builtin\nbuiltin, clip 1 of 5\n")
    assert ran.err == "Stopped. What was heard is kept: give the same command again to go on.\n"
    assert [path.name for path in (tmp_path / "builtin").iterdir()] == ["calm-piano-1.json"]
    assert engine.unloaded
    assert not (tmp_path / "report.html").exists()


def test_for_programs_there_is_json(whole: tuple[Path, str], musicmed: Musicmed) -> None:
    ran = musicmed(*COMPOSER, "--out", str(whole[0]), "--json")
    assert (ran.code, ran.err) == (0, "builtin, there already: 5 clips\n")
    document = json.loads(ran.out)
    assert [row["name"] for row in document["conditions"]] == ["builtin"]
    assert document["conditions"][0]["scores"]["circumplex_error"].keys() == {"value", "low", "high"}
    assert document["setting"]["moods"] == "calm, sad, happy, dark, epic"
    assert document["report"] == str(whole[0] / "report.html")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that can be named: models, music, tables."""
    place = tmp_path_factory.mktemp("place")
    save_model(place / "tiny")
    save_transformers(tiny_transformers(), place / "wide")
    save_adapter(place / "sweet", tiny())
    save_clap(place / "clap")
    (place / "music").mkdir()
    for name, seconds in (("one", 5.0), ("two", 5.0)):
        soundfile.write(
            place / "music" / f"{name}.wav", tones(items(("calm",), ("piano",), 1)[0].target, seconds), RATE
        )
    (place / "short").mkdir()
    soundfile.write(place / "short" / "one.wav", tones(items(("calm",), ("piano",), 1)[0].target, 2.0), RATE)
    (place / "empty").mkdir()
    (place / "good.tsv").write_text("path\tmoods\none.wav\tcalm\ntwo.wav\thappy\n")
    (place / "unknown.tsv").write_text("path\tmoods\none.wav\tclam\n")
    return place


def test_a_model_with_and_without_its_adapter(place: Path, musicmed: Musicmed, tmp_path: Path) -> None:
    models = ("--model", str(place / "tiny"), "--adapter", str(place / "sweet"), "--clap", str(place / "clap"))
    what = (
        "--moods",
        "calm",
        "--instruments",
        "piano, grand piano,harp",
        "--seconds",
        "5",
        "--out",
        str(tmp_path / "o"),
    )
    ran = musicmed("evaluate", *models, *what, "--reference", str(place / "music"))
    assert ran.code == 0
    assert re.search(r"^ +tiny +tiny\+sweet$", ran.out, re.MULTILINE)
    assert re.search(r"^CLAP score +\S+ ", ran.out, re.MULTILINE)
    assert re.search(r"^Frechet audio distance +\S+ ", ran.out, re.MULTILINE)
    assert "\ntiny+sweet against tiny, 2 pairs of clips:\n" in ran.out
    assert "Reference music, file 2 of 2\n" in ran.out


def test_a_folder_of_music(place: Path, musicmed: Musicmed, tmp_path: Path) -> None:
    given = ("--clips", str(place / "music"), "--intended", str(place / "good.tsv"))
    ran = musicmed("evaluate", *given, "--no-clap", "--out", str(tmp_path / "out"), "--json")
    assert ran.code == 0
    document = json.loads(ran.out)
    assert [(row["name"], row["clips"]) for row in document["conditions"]] == [("music", 2)]
    assert document["setting"]["intended moods"] == "good.tsv, 2 clips"


def test_no_condition_takes_the_place_of_a_file(whole: tuple[Path, str], place: Path, musicmed: Musicmed) -> None:
    written = {path.name for path in whole[0].iterdir() if path.is_file() and not path.name.startswith(".")}
    assert {name for name in written if "builtin" not in name} <= {*TAKEN}
    music = copied(place / "music", place / "Report.html")
    given = ("--clips", str(music), "--intended", str(place / "good.tsv"), "--no-clap", "--json")
    ran = musicmed("evaluate", *given, "--out", str(place / "out"))
    assert ran.code == 0
    assert [row["name"] for row in json.loads(ran.out)["conditions"]] == ["Report.html-2"]
    model = copied(place / "tiny", place / "table.md")
    makers = ("--model", str(model), "--no-clap", "--json", "--moods", "calm", "--instruments", "piano")
    ran = musicmed("evaluate", *makers, "--seconds", "5", "--out", str(place / "made"))
    assert [row["name"] for row in json.loads(ran.out)["conditions"]] == ["table.md-2"]


def test_the_installed_clap_is_taken(
    place: Path, musicmed: Musicmed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSICMED_HOME", str(tmp_path / "home"))
    given = ("--clips", str(place / "music"), "--intended", str(place / "good.tsv"), "--out", str(tmp_path / "out"))
    ran = musicmed("evaluate", *given)
    assert ran.code == 2
    assert re.fullmatch(
        r"CLAP, .* is not installed\. .*musicmed models download clap.*--clap, or add --no-clap\.\n", ran.err
    )
    assert not (tmp_path / "out").exists()
    installed(place / "clap", Store(tmp_path / "home" / "models"), "listener")
    ran = musicmed("evaluate", *given, "--json")
    assert ran.code == 0
    assert json.loads(ran.out)["setting"]["CLAP"].startswith("listener (")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("", "There is nothing to evaluate. Add --builtin, --model, --adapter, or --clips."),
        ("--builtin --moods clam", '"clam" is not a mood tag of MTG-Jamendo. Did you mean calm'),
        ("--builtin --moods ,", "The list of moods or instruments is empty."),
        ("--builtin --instruments pianoo", '"pianoo" is not an instrument that I know. Did you mean piano'),
        ("--builtin --seconds 2", "--seconds"),
        ("--builtin --walks 1 --walk-minutes 1", "--walk-minutes"),
        ("--builtin --strength 0.5", "There is no adapter to use at another strength."),
        ("--model {place}/none", "There is no MusicGen model in"),
        ("--adapter {place}/tiny", "There is no adapter in"),
        (
            "--model {place}/wide --adapter {place}/sweet",
            "sweet fits none of the models: it was made for another size.",
        ),
        ("--adapter {place}/sweet", "There is no model for the adapter sweet: none is installed or given."),
        ("--builtin --clap {place}/tiny", "is"),
        ("--builtin --clap {place}/clap --no-clap", "--clap and --reference need CLAP."),
        ("--builtin --clap {place}/clap --reference {place}/none", "There is no folder"),
        ("--builtin --clap {place}/clap --reference {place}/empty", "There is no sound file in"),
        ("--clips {place}/music", "A folder of clips and a table of their moods go together."),
        ("--builtin --clips {place}/music --intended {place}/good.tsv", "With --clips the music is there already."),
        ("--clips {place}/none --intended {place}/good.tsv", "There is no folder"),
        ("--clips {place}/empty --intended {place}/good.tsv", "names one.wav, which is not in"),
        ("--clips {place}/short --intended {place}/good.tsv", "one.wav is too short to tell its mood."),
        ("--clips {place}/music --intended {place}/unknown.tsv", 'unknown.tsv: "clam" is not a mood tag'),
        ("--clips {place}/music --intended {place}/none.tsv", "There is no file"),
    ],
)
def test_what_cannot_be_done_is_said_before_any_work(
    musicmed: Musicmed, place: Path, tmp_path: Path, arguments: str, sentence: str
) -> None:
    named = arguments.format(place=place.as_posix()).split()
    clap = () if "--clap" in named or "--no-clap" in named else ("--no-clap",)
    ran = musicmed("evaluate", *named, *clap, "--out", str(tmp_path / "out"))
    assert (ran.code, ran.out) == (2, "")
    assert sentence in ran.err
    assert ran.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_what_is_wrong_is_told_before_the_statistics_are_loaded(tmp_path: Path) -> None:
    """They take seconds."""
    program = (
        "import sys; from musicmed_desktop import cli; cli.main(sys.argv[1:]); print({'sklearn'} & {*sys.modules})"
    )
    command = [sys.executable, "-c", program, "evaluate", "--builtin", "--no-clap", "--moods", "clam"]
    ran = subprocess.run([*command, "--out", str(tmp_path / "out")], capture_output=True, text=True, check=True)
    assert "is not a mood tag" in ran.stderr
    assert ran.stdout == "set()\n"


def test_a_folder_of_something_else_is_refused(musicmed: Musicmed, whole: tuple[Path, str], tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    assert "holds something else" in musicmed(*COMPOSER, "--out", str(tmp_path)).err
    other = musicmed(*COMPOSER, "--seeds", "2", "--out", str(whole[0]))
    assert other.code == 2
    assert "holds another evaluation (clips of each condition: 5 there, 10 here)" in other.err


REQUEST = Request((Condition("builtin", Choice("builtin")),), items(("calm",), ("piano",), 4), 30.0, journeys(2, 1.0))


def events() -> list[Event]:
    clips = [ClipHeard("builtin", number, 4) for number in (2, 3, 4)]
    return [ConditionBegun("builtin", 1, 1), *clips, WalkHeard("builtin", 2, 2), ReferenceHeard(1, 40), Stopped()]


def test_lines_do_not_grow_without_end(capsys: pytest.CaptureFixture[str]) -> None:
    many = [ClipHeard("builtin", number, 1000) for number in range(1, 1001)]
    show([*many, *events()], REQUEST, on_stderr=True)
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = captured.err.splitlines()
    assert lines[:20] == [f"builtin, clip {number} of 1000" for number in range(50, 1001, 50)]
    assert lines[20:] == [
        "builtin, there already: 1 clip and 1 session",
        *(f"builtin, clip {number} of 4" for number in (2, 3, 4)),
        "builtin, session 2 of 2",
    ]


def test_on_a_terminal_there_is_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = shown_on_a_terminal(monkeypatch, lambda: show(events(), REQUEST, on_stderr=False))
    assert "Reference music, file 1 of 40" in shown
    assert "100%" in shown
