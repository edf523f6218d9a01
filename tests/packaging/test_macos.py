"""What the disk image for macOS is made of, with stand-ins for Apple's tools."""

from __future__ import annotations

import base64
import os
import plistlib
import re
import time
from pathlib import Path

import pytest
from bundling import product
from bundling.failure import BundleError
from bundling.macos import disk_image, info, keychain, notarizing, signing
from bundling.macos.tools import call, call_patiently
from bundling.product import EXCHANGE, LIGHT, PROGRAM, TERMINAL, TITLE

from tests.fakes.recorded_tools import RecordedTools, recorded_tools

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot make an app: it has links, and may not link")

_COPIES = """
if arguments[0] == "-c":
    pathlib.Path(arguments[-1]).write_bytes(b"zip")
else:
    shutil.copytree(arguments[0], arguments[1], symlinks=True)
"""
_WRITES_IMAGE = """
if arguments[0] == "create":
    content = sorted(path.name for path in pathlib.Path(arguments[4]).iterdir())
    pathlib.Path(arguments[-1]).write_text("\\n".join(content), encoding="utf-8")
"""
_ANSWERS = """
if "submit" in arguments:
    print(json.dumps({"id": "a-b-c", "status": "STATUS"}))
elif "log" in arguments:
    print("The signature of the binary is invalid.")
"""
_KEYCHAINS = """
if arguments == ["list-keychains", "-d", "user"]:
    print('    "/Users/me/login.keychain-db"')
elif arguments[0] == "import":
    shutil.copy(arguments[1], PLACE)
"""
ME = "Developer ID Application: Somebody (A1B2C3)"


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RecordedTools:
    tools = recorded_tools(tmp_path / "tools", monkeypatch)
    tools.add("codesign")
    tools.add("ditto", _COPIES)
    tools.add("hdiutil", _WRITES_IMAGE)
    tools.add("xcrun", _ANSWERS.replace("STATUS", "Accepted"))
    return tools


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """As PyInstaller lays it out, in small: code in Frameworks and MacOS, links to it in Resources."""
    contents = tmp_path / f"{TITLE}.app" / "Contents"
    framework = contents / "Frameworks" / "PySide6" / "QtCore.framework"
    for folder in (contents / "MacOS", contents / "Resources", framework / "Versions" / "A"):
        folder.mkdir(parents=True)
    for place in (contents / "MacOS" / PROGRAM, framework / "Versions" / "A" / "QtCore"):
        place.write_bytes(bytes.fromhex("cffaedfe") + b"code")
    (contents / "Frameworks" / "libfat.dylib").write_bytes(bytes.fromhex("cafebabe") + b"code")
    (contents / "Resources" / "moods.tsv").write_text("no code", encoding="utf-8")
    (contents / "Resources" / "libfat.dylib").symlink_to("../Frameworks/libfat.dylib")
    (contents / "Resources" / "QtCore.framework").symlink_to("../Frameworks/PySide6/QtCore.framework")
    return contents.parent


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path, Path]:
    """The notices, and the folders for what lies about and for the installers."""
    notices, scratch, out = tmp_path / "LICENCES.txt", tmp_path / "scratch", tmp_path / "out"
    notices.write_text("notices", encoding="utf-8")
    scratch.mkdir()
    out.mkdir()
    return notices, scratch, out


def signed(tools: RecordedTools) -> list[str]:
    return [Path(call[-1]).name for call in tools.calls("codesign", "--force")]


def test_the_app_opens_the_files_that_people_exchange() -> None:
    told = plistlib.loads(plistlib.dumps(info.info_plist()))
    kinds = {kind["UTTypeIdentifier"]: kind for kind in told["UTExportedTypeDeclarations"]}
    opened = {name for document in told["CFBundleDocumentTypes"] for name in document["LSItemContentTypes"]}
    assert opened == kinds.keys()
    assert all(re.fullmatch(r"[a-z0-9.-]+", name) for name in kinds)
    tags = [kind["UTTypeTagSpecification"] for kind in kinds.values()]
    suffixes = {suffix.removeprefix(".") for suffix, _, _ in EXCHANGE}
    assert {tag["public.filename-extension"][0] for tag in tags} == suffixes
    assert told["CFBundleIdentifier"] == product.APP_ID
    assert told["CFBundleShortVersionString"] == product.VERSION


def test_the_app_asks_for_nothing_that_it_does_not_need() -> None:
    assert not any(key.endswith("UsageDescription") for key in info.info_plist())
    content = signing.ENTITLEMENTS.read_bytes()
    assert plistlib.loads(content) == {"com.apple.security.cs.allow-unsigned-executable-memory": True}
    assert b"<!--" not in content  # which the kernel's own reader does not understand


def test_code_is_signed_from_the_inside_out(
    tools: RecordedTools, app: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signing.sign_app(app)
    order = signed(tools)
    assert sorted(order) == sorted(["QtCore", "QtCore.framework", "libfat.dylib", PROGRAM, f"{TITLE}.app"])
    assert order.index("QtCore") < order.index("QtCore.framework") < order.index(f"{TITLE}.app")
    assert order[-1] == f"{TITLE}.app"
    entitled = [call[-1] for call in tools.calls() if "--entitlements" in call]
    assert entitled == [str(app)]
    assert tools.calls()[-1] == ["codesign", "--verify", "--deep", "--strict", str(app)]
    assert all(call[3] == "-" and "runtime" not in call for call in tools.calls("codesign", "--force"))
    assert (
        "Signed by nobody (ad hoc): MusicMed Desktop.app; MUSICMED_SIGN_IDENTITY is not set." in capsys.readouterr().out
    )


def test_with_a_name_apple_may_check_it(
    tools: RecordedTools, app: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(signing.IDENTITY, ME)
    signing.sign_app(app)
    calls = tools.calls("codesign", "--force")
    assert all(call[3:7] == [ME, "--timestamp", "--options", "runtime"] for call in calls)
    assert f"Signed: MusicMed Desktop.app, by {ME}." in capsys.readouterr().out


def test_a_signature_that_fails_ends_the_build(tools: RecordedTools, app: Path) -> None:
    tools.add("codesign", "sys.exit('errSecInternalComponent')")
    with pytest.raises(BundleError, match=r"codesign --force failed:\nerrSecInternalComponent"):
        signing.sign_app(app)


@pytest.mark.parametrize(
    ("variables", "missing"),
    [
        ({}, "MUSICMED_NOTARY_PROFILE (or "),
        ({signing.IDENTITY: ME}, "MUSICMED_NOTARY_PROFILE (or "),
        ({signing.IDENTITY: ME, "MUSICMED_APPLE_ID": "a@example.org"}, "MUSICMED_NOTARY_PROFILE (or "),
        ({notarizing.PROFILE: "mine", signing.IDENTITY: " "}, signing.IDENTITY),
    ],
)
def test_what_is_not_notarized_is_said(
    tools: RecordedTools,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variables: dict[str, str],
    missing: str,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert not notarizing.notarize(tmp_path / "some.dmg", tmp_path)
    assert capsys.readouterr().out.startswith(f"Not notarized: some.dmg; {missing}")
    assert tools.calls() == []


@pytest.fixture
def account(tools: RecordedTools, monkeypatch: pytest.MonkeyPatch) -> RecordedTools:
    """The tools, and all that Apple wants to know."""
    monkeypatch.setenv(signing.IDENTITY, ME)
    for name in notarizing.ACCOUNT.values():
        monkeypatch.setenv(name, name.lower())
    return tools


def test_an_app_goes_to_apple_as_a_zip_file_and_gets_its_ticket(
    account: RecordedTools, app: Path, tmp_path: Path
) -> None:
    assert notarizing.notarize(app, tmp_path)
    packed = str(tmp_path / f"{TITLE}.zip")
    who = [
        "--apple-id",
        "musicmed_apple_id",
        "--team-id",
        "musicmed_apple_team",
        "--password",
        "musicmed_apple_password",
    ]
    assert account.calls() == [
        ["ditto", "-c", "-k", "--keepParent", str(app), packed],
        ["xcrun", "notarytool", "submit", packed, *who, "--wait", "--output-format", "json"],
        ["xcrun", "stapler", "staple", str(app)],
    ]


def test_a_refusal_ends_the_build_with_apples_reasons(
    account: RecordedTools, app: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(notarizing.PROFILE, "mine")
    account.add("xcrun", _ANSWERS.replace("STATUS", "Invalid"))
    with pytest.raises(BundleError, match=r"did not notarize MusicMed Desktop\.app: Invalid\.\nThe signature of the"):
        notarizing.notarize(app, tmp_path)
    assert account.calls("xcrun", "notarytool", "log") == [
        ["xcrun", "notarytool", "log", "a-b-c", "--keychain-profile", "mine"]
    ]
    assert account.calls("xcrun", "stapler") == []


def test_no_password_gets_into_a_message(account: RecordedTools, app: Path, tmp_path: Path) -> None:
    account.add("xcrun", "sys.exit(1)")
    with pytest.raises(BundleError) as failed:
        notarizing.notarize(app, tmp_path)
    assert "musicmed_apple_password" not in str(failed.value)


def test_the_image_holds_the_app_and_where_to_put_it(
    tools: RecordedTools, app: Path, folders: tuple[Path, Path, Path]
) -> None:
    image = disk_image.build(app, LIGHT, *folders)
    assert image == folders[2] / product.installer_name(LIGHT, ".dmg")
    assert image.read_text(encoding="utf-8").splitlines() == [
        *("Applications", "LICENCES.txt", "LICENSE.txt", f"{TITLE}.app")
    ]
    laid_out = folders[1] / "disk" / f"{TITLE}.app" / "Contents" / "Resources" / TERMINAL
    assert laid_out.is_symlink()
    assert laid_out.resolve().name == PROGRAM
    assert signed(tools)[-1] == f"{TITLE}.app"  # of nobody's images there are no signatures


def test_app_and_image_are_signed_before_apple_sees_them(
    account: RecordedTools, app: Path, folders: tuple[Path, Path, Path]
) -> None:
    image = disk_image.build(app, LIGHT, *folders)
    told = [
        Path(call[-1]).name for call in account.calls() if call[:2] in (["codesign", "--force"], ["xcrun", "stapler"])
    ]
    assert told[-4:] == [app.name, app.name, image.name, image.name]
    made = [call[:2] for call in account.calls()]
    assert made.index(["xcrun", "stapler"]) < made.index(["hdiutil", "create"])


def test_a_busy_disk_is_asked_again(
    tools: RecordedTools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    busy_once = f"""
    seen = pathlib.Path({str(tmp_path / "seen")!r})
    if not seen.exists():
        seen.touch()
        sys.exit("hdiutil: create failed - Resource busy")
    """
    tools.add("hdiutil", busy_once)
    call_patiently("hdiutil", "create")
    assert len(tools.calls("hdiutil")) == 2
    assert len(pauses) == 1
    assert "Resource busy" in capsys.readouterr().out
    tools.add("hdiutil", "sys.exit('Resource busy')")
    with pytest.raises(BundleError, match="Resource busy"):
        call_patiently("hdiutil", "create")
    assert len(pauses) == 6


def test_an_image_is_let_go_of_again(tools: RecordedTools, tmp_path: Path) -> None:
    image = tmp_path / "some.dmg"
    with disk_image.mounted(image) as place:
        assert place.is_dir()
    assert tools.calls() == [
        ["hdiutil", "attach", str(image), "-readonly", "-nobrowse", "-mountpoint", str(place)],
        ["hdiutil", "detach", str(place)],
    ]
    assert not place.exists()
    with pytest.raises(ZeroDivisionError), disk_image.mounted(image):
        raise ZeroDivisionError
    assert len(tools.calls("hdiutil", "detach")) == 2


def test_the_certificate_lies_in_a_keychain_of_its_own_for_as_long_as_needed(
    tools: RecordedTools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools.add("security", _KEYCHAINS.replace("PLACE", repr(str(tmp_path / "seen.p12"))))
    monkeypatch.setenv(keychain.CERTIFICATE, base64.b64encode(b"certificate").decode())
    monkeypatch.setenv(keychain.PASSWORD, "opens it")
    ours = str(tmp_path / "signing.keychain-db")
    with pytest.raises(ZeroDivisionError), keychain.unlocked(tmp_path):
        raise ZeroDivisionError
    assert (tmp_path / "seen.p12").read_bytes() == b"certificate"
    assert not (tmp_path / "signing.p12").exists()
    assert tools.calls("security", "import")[0][3:] == ["-k", ours, "-P", "opens it", "-T", "/usr/bin/codesign"]
    searched = [call[5:] for call in tools.calls("security", "list-keychains") if "-s" in call]
    assert searched == [[ours, "/Users/me/login.keychain-db"], ["/Users/me/login.keychain-db"]]
    assert tools.calls()[-1] == ["security", "delete-keychain", ours]


def test_without_a_certificate_no_keychain_is_touched(tools: RecordedTools, tmp_path: Path) -> None:
    tools.add("security")
    with keychain.unlocked(tmp_path):
        assert tools.calls() == []
    assert tools.calls() == []


@pytest.mark.usefixtures("tools")
def test_a_tool_that_is_not_here_is_named() -> None:
    with pytest.raises(BundleError, match="plutil is needed, and could not be started"):
        call("plutil", "-lint")
