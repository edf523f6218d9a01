"""What Windows' installer is made of, with a stand-in for Inno Setup's compiler."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from bundling import product
from bundling.failure import BundleError
from bundling.product import EXCHANGE, FULL, LIGHT, PROGRAM, ROOT, TERMINAL, TITLE, VERSION
from bundling.windows import associations, inno, signing, version

from tests.fakes.recorded_tools import RecordedTools, recorded_tools

_WRITES_INSTALLER = """
folder = next(word[2:] for word in arguments if word.startswith("/O"))
name = next(word[2:] for word in arguments if word.startswith("/F"))
pathlib.Path(folder, name + ".exe").write_bytes(b"MZ")
"""
_SCRIPTS = pytest.mark.skipif(os.name == "nt", reason="the stand-ins named .exe are shell scripts")


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RecordedTools:
    for name in ("ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    return recorded_tools(tmp_path / "tools", monkeypatch)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "a bundle"
    (folder / "_internal" / "Größe").mkdir(parents=True)
    for name in (f"{PROGRAM}.exe", f"{TERMINAL}.exe", "_internal/Größe/part.dll"):
        (folder / name).write_bytes(name.encode())
    return folder


@pytest.fixture
def notices(tmp_path: Path) -> Path:
    file = tmp_path / "LICENCES.txt"
    file.write_text("notices", encoding="utf-8")
    return file


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """For what lies about, and for the installers."""
    scratch, out = tmp_path / "scratch", tmp_path / "out"
    scratch.mkdir()
    out.mkdir()
    return scratch, out


def definitions(call: list[str]) -> dict[str, str]:
    return dict(word[2:].split("=", 1) for word in call if word.startswith("/D"))


def test_the_compiler_gets_all_that_the_script_asks_for(
    tools: RecordedTools, bundle: Path, notices: Path, folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(inno.COMPILER, str(tools.add("ISCC", _WRITES_INSTALLER)))
    installer = inno.build(bundle, FULL, notices, *folders)
    assert installer == folders[1] / product.installer_name(FULL, ".exe")
    assert installer.read_bytes() == b"MZ"
    (call,) = tools.calls("ISCC")
    assert Path(call[-1]) == inno.SCRIPT
    given = definitions(call)
    script = inno.SCRIPT.read_text(encoding="utf-8")
    asked = {*re.findall(r"\{#(\w+)\}", script), *re.findall(r"#(?:include|define Executable) (\w+)", script)}
    asked -= {"Executable", "Signing"}
    assert asked == given.keys()
    assert (given["Title"], given["Version"], given["Program"]) == (TITLE, VERSION, PROGRAM)
    assert Path(given["Bundle"]) == bundle
    assert all(Path(given[name]).is_file() for name in ("Licence", "Notices", "Icon", "Associations"))
    assert Path(given["Icon"]).read_bytes()[:4] == b"\0\0\1\0"
    entries = Path(given["Associations"]).read_text(encoding="utf-8-sig").splitlines()
    assert entries == associations.lines()


def test_the_compiler_is_found_on_the_path_and_among_the_programs(
    tools: RecordedTools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in ("5", "6"):
        (tmp_path / f"Inno Setup {number}").mkdir()
        (tmp_path / f"Inno Setup {number}" / "ISCC.exe").touch()
    monkeypatch.setenv("ProgramFiles(x86)", str(tmp_path))
    assert inno.find_compiler() == tmp_path / "Inno Setup 6" / "ISCC.exe"
    on_path = tools.add("ISCC")
    assert inno.find_compiler().stem == on_path.stem
    monkeypatch.setenv(inno.COMPILER, "elsewhere/ISCC.exe")
    assert inno.find_compiler() == Path("elsewhere/ISCC.exe")


@pytest.mark.usefixtures("tools")
def test_without_a_compiler_it_says_what_to_install() -> None:
    with pytest.raises(BundleError, match=r"Inno Setup is not on this computer\. Install version 6\.3"):
        inno.find_compiler()


@pytest.mark.parametrize("body", ["sys.exit(2)", ""], ids=["fails", "writes nothing"])
def test_a_compiler_that_makes_no_installer_ends_the_build(
    tools: RecordedTools,
    bundle: Path,
    notices: Path,
    folders: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    body: str,
) -> None:
    monkeypatch.setenv(inno.COMPILER, str(tools.add("ISCC", body)))
    with pytest.raises(BundleError, match="could not make MusicMed-Desktop-"):
        inno.build(bundle, LIGHT, notices, *folders)


@pytest.mark.usefixtures("tools")
@pytest.mark.parametrize("value", [None, " "])
def test_without_a_command_nothing_is_signed_and_that_is_said(
    bundle: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], value: str | None
) -> None:
    if value is not None:
        monkeypatch.setenv(signing.COMMAND, value)
    assert not signing.sign([bundle / f"{PROGRAM}.exe"])
    assert capsys.readouterr().out.startswith("Not signed: MUSICMED_SIGN_COMMAND is not set.")
    assert signing.for_inno() == []


def test_the_programs_are_signed_before_the_installer_which_is_signed_by_the_compiler(
    tools: RecordedTools,
    bundle: Path,
    notices: Path,
    folders: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(inno.COMPILER, str(tools.add("ISCC", _WRITES_INSTALLER)))
    monkeypatch.setenv(signing.COMMAND, f'"{tools.add("sign tool")}" /n "Our name" $f')
    inno.build(bundle, LIGHT, notices, *folders)
    programs = [str(bundle / f"{name}.exe") for name in (PROGRAM, TERMINAL)]
    assert tools.calls()[:2] == [["sign tool", "/n", "Our name", program] for program in programs]
    (compiled,) = tools.calls("ISCC")
    assert definitions(compiled)["Signing"] == signing.TOOL
    (given,) = (word for word in compiled if word.startswith("/Ssigning="))
    assert given.endswith(" /n $qOur name$q $f")
    assert f"Signed: {PROGRAM}.exe, {TERMINAL}.exe." in capsys.readouterr().out


def test_a_signature_that_fails_ends_the_build(
    tools: RecordedTools, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(signing.COMMAND, f'"{tools.add("sign", "sys.exit(1)")}" $f')
    with pytest.raises(BundleError, match=f"{PROGRAM}.exe could not be signed"):
        signing.sign([bundle / f"{PROGRAM}.exe"])


def test_backslashes_of_a_path_survive() -> None:
    assert signing._split(r'"C:\Program Files\signtool.exe" sign /n "A & B" # $f') == [
        r"C:\Program Files\signtool.exe",
        *("sign", "/n", "A & B", "#", "$f"),
    ]


def test_each_kind_of_file_opens_with_the_program() -> None:
    lines = associations.lines()
    assert all(line.startswith(r'Root: HKA; Subkey: "Software\Classes') for line in lines)
    assert all(re.search(r"; Flags: .*uninsdelete(value|key)", line) for line in lines)
    for suffix, mime, words in EXCHANGE:
        kind = associations.program_id(mime)
        assert re.fullmatch(r"[A-Za-z.]{1,39}", kind)  # what Windows allows
        assert any(rf'"Software\Classes\{suffix}"; ' in line and f'ValueData: "{kind}"' in line for line in lines)
        assert any(rf'"Software\Classes\{kind}"; ' in line and f'ValueData: "{words}"' in line for line in lines)
        command = rf'Classes\{kind}\shell\open\command"; ValueType: string; ValueName: "";'
        asked = rf'{command} ValueData: """{{app}}\{PROGRAM}.exe"" ""%1"""'
        assert sum(asked in line for line in lines) == 1


def test_the_uninstaller_asks_about_the_folder_in_which_all_is_kept(tmp_path: Path) -> None:
    """As it is on Windows, where platformdirs reads the environment if all else fails."""
    pretend = (
        "import sys; sys.platform = 'win32'; sys.modules['ctypes'] = sys.modules['winreg'] = None;"
        "from musicmed_desktop import paths as p;"
        "print(p.data_folder(), p.models_folder(), p.settings_file(), p.log_folder(), sep='\\n')"
    )
    env = os.environ | {"LOCALAPPDATA": str(tmp_path), "APPDATA": "elsewhere", "PYTHONPATH": str(ROOT)}
    env.pop("MUSICMED_HOME", None)
    done = subprocess.run([sys.executable, "-c", pretend], env=env, capture_output=True, text=True, check=True)
    kept = tmp_path / TITLE
    data, *others = map(Path, done.stdout.splitlines())
    assert data == kept
    assert all(path.is_relative_to(kept) for path in others)
    assert r"Result := ExpandConstant('{localappdata}\{#Title}');" in inno.SCRIPT.read_text(encoding="utf-8")


def test_sessions_are_only_deleted_by_a_person_who_says_so() -> None:
    script = inno.SCRIPT.read_text(encoding="utf-8")
    assert script.count("DelTree(") == 1
    assert "MB_YESNO or MB_DEFBUTTON2) = IDYES" in script
    assert "if (Step = usPostUninstall) and not UninstallSilent then" in script


def test_the_zip_file_is_portable_and_always_the_same(bundle: Path, notices: Path, folders: tuple[Path, Path]) -> None:
    first = inno.portable_zip(bundle, LIGHT, notices, *folders)
    content = first.read_bytes()
    os.utime(bundle / f"{PROGRAM}.exe", (1, 1))
    assert inno.portable_zip(bundle, LIGHT, notices, *folders).read_bytes() == content
    assert first.name.endswith("-portable.zip")
    with zipfile.ZipFile(first) as archive:
        assert archive.testzip() is None
        assert archive.read(f"{TITLE}/_internal/Größe/part.dll") == "_internal/Größe/part.dll".encode()
        beside = {Path(name).name for name in archive.namelist() if Path(name).parent == Path(TITLE)}
        words = archive.read(f"{TITLE}/musicmed-portable.txt").decode()
    assert beside == {
        *(f"{PROGRAM}.exe", f"{TERMINAL}.exe"),
        *("musicmed-portable.txt", "LICENSE.txt", "LICENCES.txt"),
    }
    assert "USB stick" in words


@_SCRIPTS
def test_installing_and_uninstalling_ask_nothing(tools: RecordedTools, tmp_path: Path) -> None:
    folder = tmp_path / "Größe & more"
    folder.mkdir()
    inno.install_silently(tools.add("setup.exe"), folder)
    (call,) = tools.calls("setup.exe")
    assert {"/VERYSILENT", "/SUPPRESSMSGBOXES", "/NORESTART", "/CURRENTUSER", f"/DIR={folder}"} <= {*call}
    uninstaller = folder / "unins000.exe"
    # As the real one, it is gone only some time after it has ended.
    leaves = f"""
    if os.fork() == 0:
        time.sleep(0.5)
        os.unlink({str(uninstaller)!r})
    """
    tools.add("unins000.exe", leaves).rename(uninstaller)
    inno.uninstall_silently(folder)
    assert not uninstaller.exists()
    assert tools.calls("unins000.exe") == [["unins000.exe", "/VERYSILENT", "/SUPPRESSMSGBOXES", "/NORESTART"]]


@_SCRIPTS
def test_an_installer_that_fails_ends_the_build(tools: RecordedTools, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="The installer failed"):
        inno.install_silently(tools.add("setup.exe", "sys.exit(5)"), tmp_path)
    with pytest.raises(BundleError, match="The uninstaller failed"):
        inno.uninstall_silently(tmp_path)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("0.2.0", (0, 2, 0, 0)), ("1.2.3.4.5", (1, 2, 3, 4)), ("3.1rc2", (3, 1, 0, 0)), ("2", (2, 0, 0, 0))],
)
def test_windows_wants_four_numbers(text: str, numbers: tuple[int, int, int, int]) -> None:
    assert version.four_numbers(text) == numbers


def test_the_executables_say_what_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """With PyInstaller's own classes, which only want Windows for what is not done here."""
    if os.name != "nt":
        monkeypatch.setitem(sys.modules, "pefile", ModuleType("pefile"))
        monkeypatch.setattr("PyInstaller.compat.win32api", None, raising=False)
        monkeypatch.delitem(sys.modules, "PyInstaller.utils.win32.versioninfo", raising=False)
    info = version.version_info()
    texts, languages = info.kids
    (table,) = texts.kids
    assert {entry.name: entry.val for entry in table.kids} == version.texts()
    assert version.texts()["FileDescription"] == TITLE
    assert table.name == "040904B0"
    assert languages.kids[0].kids == [0x0409, 0x04B0]
    major, minor, *_ = version.four_numbers(VERSION)
    assert info.ffi.fileVersionMS == info.ffi.productVersionMS == major << 16 | minor
    # Each part knows its bytes; of the numbers they are as long as Windows has them on Windows alone.
    assert TITLE.encode("utf-16-le") in texts.toRaw()
