"""Signing for Windows: with the command of whoever ships the program, where there is one.

A certificate lies on a stick or with a service today, and each has a program of its own to sign with; so the
environment names the whole command, in which $f stands for the file, for example
`signtool sign /n "Our name" /fd sha256 /td sha256 /tr http://timestamp.example $f`.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

from bundling.failure import BundleError

COMMAND = "MUSICMED_SIGN_COMMAND"
TOOL = "signing"  # what the installer's script calls it


def command() -> str | None:
    """The command that signs; None where nothing is signed."""
    return os.environ.get(COMMAND, "").strip() or None


def sign(programs: Sequence[Path]) -> bool:
    """Sign each of them, and say what was done; whether there is a command to do it. Raises BundleError."""
    template = command()
    if template is None:
        print(f"Not signed: {COMMAND} is not set. Windows will warn of an unknown publisher.")
        return False
    for program in programs:
        words = [word.replace("$f", str(program)) for word in _split(template)]
        try:
            subprocess.run(words, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            why = getattr(error, "returncode", None) or type(error).__name__  # the command may hold a password
            raise BundleError(f"{program.name} could not be signed: {words[0]} said {why}. See {COMMAND}.") from None
    print(f"Signed: {', '.join(program.name for program in programs)}.")
    return True


def for_inno() -> list[str]:
    """The compiler's options that have the installer and its uninstaller signed, too; none where nothing is signed."""
    template = command()
    # Inno Setup puts quotes around $f itself, and takes others as $q ("[Setup]: SignTool" in its help).
    return [f"/S{TOOL}={template.replace(chr(34), '$q')}", f"/DSigning={TOOL}"] if template else []


def _split(template: str) -> list[str]:
    """The words of a command line, as Windows has it: backslashes are part of paths."""
    words = shlex.shlex(template, posix=True, punctuation_chars=False)
    words.whitespace_split = True
    words.escape = ""
    words.commenters = ""
    return list(words)
