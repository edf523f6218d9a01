"""A prescription as a file for the patient, with a few words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from musicmed_desktop.errors import UserError
from musicmed_desktop.library.exchange.documents import Document, parsed, read_document
from musicmed_desktop.library.exchange.envelope import opened, put, refusing
from musicmed_desktop.library.exchange.manifest import THIS_PROGRAM, Digest, Program, digest
from musicmed_desktop.library.rows import writable
from musicmed_desktop.plan import Prescription, parse_prescription

PLAN_SUFFIX = ".musicmed-plan"
MOST_WORDS = 5_000  # letters
_MOST_BYTES = 1_000_000  # a prescription has about one thousand
_FORMAT = "musicmed-plan"


@dataclass(frozen=True)
class PlanFile:
    """A prescription, and what whoever wrote it wants to say to the patient."""

    prescription: Prescription
    words: str = ""


class _Plan(Document):
    format: Literal["musicmed-plan"]
    schema_version: Literal[1]
    application: Program
    words: str = Field(max_length=MOST_WORDS)
    prescription: dict[str, Any]
    sha256: Digest


def write_plan(prescription: Prescription, target: Path, words: str = "", passphrase: str | None = None) -> None:
    """Write the prescription to `target`, whole or not at all; with a passphrase nobody reads it without.

    Raises UserError where the disk refuses, or the words are more than MOST_WORDS letters.
    """
    said = writable(words).strip()
    if len(said) > MOST_WORDS:
        raise UserError("The message is too long.", f"Use at most {MOST_WORDS} letters.", f"{len(said)} letters")
    document = {
        "format": _FORMAT,
        "schema_version": 1,
        "application": THIS_PROGRAM.model_dump(),
        "words": said,
        "prescription": prescription.model_dump(mode="json"),
    }
    document["sha256"] = plan_digest(document)
    put(target, json.dumps(document, indent=2, ensure_ascii=False).encode(), passphrase)


def read_plan(path: Path, passphrase: str | None = None) -> PlanFile:
    """The prescription in the file, and the words to the patient.

    Raises UserError where the file cannot be read, is damaged or changed, or comes from a newer version;
    PassphraseNeededError where it is locked and no passphrase was given, WrongPassphraseError where it is not
    this one.
    """
    content = opened(path, _MOST_BYTES, passphrase)
    if not content.lstrip().startswith(b"{"):
        raise UserError(f"{path.name} is not a MusicMed prescription.", f"Choose a file that ends in {PLAN_SUFFIX}.")
    with refusing(path):
        document = read_document(content)
        plan = parsed(_Plan, document)
        if plan.sha256 != plan_digest(document):
            raise ValueError("the contents are not those that were written")
    return PlanFile(parse_prescription(plan.prescription), plan.words)


def plan_digest(document: dict[str, Any]) -> str:
    """Of everything else in the document, in one spelling: names sorted, no spaces, ASCII alone."""
    rest = {name: value for name, value in document.items() if name != "sha256"}
    return digest(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode())
