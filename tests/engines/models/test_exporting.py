from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest

from musicmed_desktop.engines.models import exporting, parcels
from musicmed_desktop.engines.models.exporting import export_model
from musicmed_desktop.engines.models.importing import import_model
from musicmed_desktop.engines.models.manifest import MANIFEST, read_manifest
from musicmed_desktop.engines.models.progress import CancelledError, Progress
from musicmed_desktop.engines.models.store import Installed, Store
from musicmed_desktop.errors import UserError
from tests.fakes.killing import ROOT, kill_while, small_disk
from tests.fakes.models import agreed_store, installed, save_model, tree
from tests.fakes.places import single_thread

TARGETS = ["stick", "stick/calm.zip"]


@pytest.fixture(scope="module", autouse=True)
def few_threads() -> Iterator[None]:
    yield from single_thread()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("store")
    return installed(save_model(folder / "calm-music"), agreed_store(folder / "store"))


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def test_a_folder_is_equal_to_what_is_installed(model: Installed, stick: Path) -> None:
    told = list[Progress]()
    assert export_model(model, stick, told.append) == stick / "calm-music"
    assert tree(stick / "calm-music") == tree(model.folder)
    assert [path.name for path in stick.iterdir()] == ["calm-music"]
    assert {progress.work for progress in told} == {"copying", "checking"}
    assert all(progress.done <= progress.total == model.size for progress in told if progress.total > 10_000)


def test_a_zip_holds_one_folder_and_is_not_compressed(model: Installed, stick: Path) -> None:
    assert export_model(model, stick / "calm.zip") == stick / "calm.zip"
    with ZipFile(stick / "calm.zip") as archive:
        assert archive.testzip() is None
        assert {member.filename for member in archive.infolist()} == {
            f"calm-music/{name}" for name in tree(model.folder)
        }
        assert {member.compress_type for member in archive.infolist()} == {ZIP_STORED}
        archive.extractall(stick)
    assert tree(stick / "calm-music") == tree(model.folder)
    assert sorted(path.name for path in stick.iterdir()) == ["calm-music", "calm.zip"]


def test_the_same_model_makes_the_same_zip(model: Installed, stick: Path) -> None:
    one, other = (export_model(model, stick / name) for name in ("one.zip", "other.zip"))
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_is_overwritten(model: Installed, stick: Path, target: str) -> None:
    final = export_model(model, stick.parent / target)
    before = tree(stick)
    with pytest.raises(UserError, match=f"{final} is there already"):
        export_model(model, stick.parent / target)
    assert tree(stick) == before


def test_a_model_without_a_record_gets_one(model: Installed, stick: Path, tmp_path: Path) -> None:
    shutil.copytree(model.folder, tmp_path / "by-hand" / "calm")
    (tmp_path / "by-hand" / "calm" / MANIFEST).unlink()
    (tmp_path / "by-hand" / "calm" / "cover.jpg").write_bytes(b"x")
    exported = export_model(Store(tmp_path / "by-hand").find("calm"), stick)
    written = read_manifest(exported)
    assert written
    assert model.manifest
    assert written.files == model.manifest.files
    assert not (exported / "cover.jpg").exists()


@pytest.mark.parametrize("target", TARGETS)
def test_a_damaged_model_is_not_exported(model: Installed, stick: Path, tmp_path: Path, target: str) -> None:
    shutil.copytree(model.folder, tmp_path / "store" / "calm")
    file = tmp_path / "store" / "calm" / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-1] + b"\x99")
    with pytest.raises(UserError, match=r"model\.safetensors of calm is damaged"):
        export_model(Store(tmp_path / "store").find("calm"), stick.parent / target)
    assert list(stick.iterdir()) == []


@pytest.mark.parametrize("target", TARGETS)
def test_a_stick_that_loses_bytes_is_found_out(
    model: Installed, stick: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(file: Path) -> None:
        """As a failing stick does, between writing and reading."""
        if file.suffix in (".zip", ".safetensors"):
            content = bytearray(file.read_bytes())
            content[600_000] ^= 1
            file.write_bytes(content)

    monkeypatch.setattr(parcels, "_forget", lose)
    with pytest.raises(UserError, match=r"not written as it should be|cannot be unpacked"):
        export_model(model, stick.parent / target)
    assert list(stick.iterdir()) == []


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("questions", [1, 6, 9, 12])
def test_cancelling_leaves_nothing(model: Installed, stick: Path, target: str, questions: int) -> None:
    asked = iter([False] * questions)
    with pytest.raises(CancelledError):
        export_model(model, stick.parent / target, cancelled=lambda: next(asked, True))
    assert list(stick.iterdir()) == []


@pytest.mark.parametrize("target", ["disk", "disk/calm.zip"])
def test_a_full_disk(model: Installed, tmp_path: Path, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with small_disk(tmp_path / "disk", "size=1m") as disk:
        with pytest.raises(UserError, match="not enough space on the disk for calm-music"):
            export_model(model, tmp_path / target)
        monkeypatch.setattr(exporting, "require_space", lambda *_: None)
        with pytest.raises(UserError, match="The disk is full"):
            export_model(model, tmp_path / target)
        assert list(disk.iterdir()) == []


LIMITED = """
import resource, sys
from pathlib import Path
from musicmed_desktop.engines.models.exporting import export_model
from musicmed_desktop.engines.models.store import Store
from musicmed_desktop.errors import UserError
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    export_model(Store(Path(sys.argv[1])).find("calm-music"), Path(sys.argv[2]))
except UserError as error:
    print(error)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no limit for files")
@pytest.mark.parametrize("target", TARGETS)
def test_a_disk_that_takes_no_large_files(model: Installed, stick: Path, target: str) -> None:
    command = [sys.executable, "-c", LIMITED, str(model.folder.parent), str(stick.parent / target)]
    said = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout
    assert said.startswith(f"The disk that holds {stick} does not take files as large as this.")
    assert "exFAT" in said
    assert list(stick.iterdir()) == []


def test_what_may_not_be_written(model: Installed, tmp_path: Path) -> None:
    for target in ("no/such/folder", "no/such/calm.zip"):
        with pytest.raises(UserError, match="no folder"):
            export_model(model, tmp_path / target)


def test_a_file_on_the_way_is_told(model: Installed, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear Ada")
    with pytest.raises(UserError, match="letter"):
        export_model(model, tmp_path / "letter")


def test_names_of_members_do_not_depend_on_the_system(model: Installed, stick: Path) -> None:
    with ZipFile(export_model(model, stick / "calm.zip")) as archive:
        member = archive.infolist()[0]
    assert (member.create_system, member.date_time, member.external_attr >> 16) == (3, (1980, 1, 1, 0, 0, 0), 0o100644)


def test_a_zip_of_more_than_four_gigabytes_can_be_read(
    model: Installed, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same format begins at a hundred kilobytes here."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 100_000)
    exported = export_model(model, stick / "calm.zip")
    with ZipFile(exported) as archive:
        assert max(member.extract_version for member in archive.infolist()) == zipfile.ZIP64_VERSION
    monkeypatch.undo()
    again = import_model(exported, agreed_store(tmp_path / "second"))
    assert again.manifest
    assert model.manifest
    assert again.manifest.files == model.manifest.files


def test_nothing_is_exported_into_the_store(model: Installed, stick: Path) -> None:
    before = tree(model.folder.parent)
    (stick / "link").symlink_to(model.folder)
    for target in (model.folder, model.folder.parent / "copy.zip", stick / "link" / "copy.zip"):
        with pytest.raises(UserError, match="where this app keeps its models"):
            export_model(model, target)
    assert tree(model.folder.parent) == before


EXPORT = """
import sys, time
from pathlib import Path
from musicmed_desktop.engines.models.exporting import export_model
from musicmed_desktop.engines.models.store import Store

def told(progress):
    if progress.done:
        print(progress.done, flush=True)
        time.sleep(60)

export_model(Store(Path(sys.argv[1])).find("calm-music"), Path(sys.argv[2]), told)
"""


def test_what_a_killed_program_left_on_the_stick_goes_with_the_next_export(model: Installed, stick: Path) -> None:
    kill_while(EXPORT, str(model.folder.parent), str(stick / "calm.zip"), seconds=0)
    (left,) = stick.iterdir()
    assert left.name.startswith(".calm.zip.")
    (stick / ".calm.zip.mine.part").mkdir()
    export_model(model, stick / "calm.zip")
    assert sorted(path.name for path in stick.iterdir()) == [".calm.zip.mine.part", "calm.zip"]


def test_what_another_program_still_exports_stays(model: Installed, stick: Path) -> None:
    command = [sys.executable, "-c", EXPORT, str(model.folder.parent), str(stick / "calm.zip")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as running:
        assert running.stdout
        running.stdout.readline()
        export_model(model, stick / "calm.zip")
        assert len(list(stick.glob(".calm.zip.*.part/calm.zip"))) == 1
        running.kill()


def test_a_target_behind_links_that_lead_in_a_circle(model: Installed, stick: Path) -> None:
    (stick / "link").symlink_to("link")
    with pytest.raises(UserError):
        export_model(model, stick / "link" / "calm.zip")
    assert [path.name for path in stick.iterdir()] == ["link"]
