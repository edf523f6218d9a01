"""Having Apple look at what was made, without which macOS warns everybody of it.

Who asks is told by MUSICMED_NOTARY_PROFILE, a profile that `xcrun notarytool store-credentials` wrote, or by
MUSICMED_APPLE_ID, MUSICMED_APPLE_TEAM and MUSICMED_APPLE_PASSWORD (one for this app only, from account.apple.com).
"""

from __future__ import annotations

import json
from pathlib import Path

from bundling.failure import BundleError
from bundling.macos import signing
from bundling.macos.tools import call, setting

PROFILE = "MUSICMED_NOTARY_PROFILE"
ACCOUNT = {
    "--apple-id": "MUSICMED_APPLE_ID",
    "--team-id": "MUSICMED_APPLE_TEAM",
    "--password": "MUSICMED_APPLE_PASSWORD",
}


def notarize(made: Path, scratch: Path) -> bool:
    """Have an app or a disk image notarized, and the ticket attached to it, which counts without a network, too; says
    what was done, and returns whether. Raises BundleError where Apple refuses."""
    who = _credentials()
    if who is None or not signing.is_named():
        needed = signing.IDENTITY if who else f"{PROFILE} (or {', '.join(ACCOUNT.values())})"
        print(f"Not notarized: {made.name}; {needed} is not set. macOS will warn of it.")
        return False
    told = call("xcrun", "notarytool", "submit", _sendable(made, scratch), *who, "--wait", "--output-format", "json")
    answer = json.loads(told)
    if answer.get("status") != "Accepted":  # which notarytool does not count as a failure
        log = call("xcrun", "notarytool", "log", str(answer.get("id")), *who)
        raise BundleError(f"Apple did not notarize {made.name}: {answer.get('status')}.\n{log}")
    call("xcrun", "stapler", "staple", made)
    print(f"Notarized: {made.name}.")
    return True


def _credentials() -> list[str] | None:
    if profile := setting(PROFILE):
        return ["--keychain-profile", profile]
    account = {option: setting(name) for option, name in ACCOUNT.items()}
    given = [word for option, value in account.items() if value for word in (option, value)]
    return given if all(account.values()) else None


def _sendable(made: Path, scratch: Path) -> Path:
    """The file itself, or a folder as a zip file."""
    if made.is_file():
        return made
    packed = scratch / f"{made.stem}.zip"
    call("ditto", "-c", "-k", "--keepParent", made, packed)
    return packed
