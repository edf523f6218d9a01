"""entry.json: what the listener knows of a session, apart from what was asked, played and measured."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from musicmed_desktop.affect import nearest
from musicmed_desktop.disk import write_whole
from musicmed_desktop.session.folder import RECORD
from musicmed_desktop.session.record import Coordinates, SessionRecord

ENTRY = "entry.json"


def _writable(text: Any) -> Any:
    """Halves of a pair of UTF-16 units, as a window may hand them over, cannot be written as UTF-8."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(text, str) else text


Text = Annotated[str, BeforeValidator(_writable)]


class Shift(NamedTuple):
    """How far a feeling moved, -2 to 2 on each axis; positive is more pleasant, more activated."""

    valence: float
    arousal: float


class Entry(BaseModel):
    """One session in the list. What a newer version wrote and this one does not know is carried along.

    `id` is the name of the session's folder. Times have their time zone; `worse_at_s` are the moments of
    the session, in seconds, at which the listener felt worse. `after` is None until the listener has said it.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    schema_version: Literal[1] = 1
    id: str = ""
    title: Text
    started: AwareDatetime
    seconds: float = Field(ge=0, allow_inf_nan=False)
    start_word: Text
    target_word: Text
    before: Coordinates
    wished: Coordinates
    after: Coordinates | None = None
    note: Text = ""
    favourite: bool = False
    engine: Text
    shortened: bool
    worse_at_s: tuple[float, ...] = ()
    underruns: int = Field(default=0, ge=0)
    sound_device: Text = ""
    deleted: AwareDatetime | None = None

    @classmethod
    def of(cls, id: str, started: datetime, record: SessionRecord) -> Entry:
        """What the record of a session tells; the rest is the listener's to add."""
        before, wished = record.prescription.start, record.prescription.target
        start, target = (nearest(point, count=1, kind="feeling")[0].word for point in (before, wished))
        return cls(
            id=id,
            title=f"From {start} to {target}" if start != target else f"Staying {start}",
            started=started,
            seconds=record.audio.duration_s,
            start_word=start,
            target_word=target,
            before=Coordinates.of(before),
            wished=Coordinates.of(wished),
            engine=record.engine.name,
            shortened=record.shortened,
            worse_at_s=tuple(change.at_s for change in record.changes if change.reason == "worse"),
        )

    @property
    def change(self) -> Shift | None:
        """From before to after, where the listener has said both."""
        if self.after is None:
            return None
        return Shift(
            round(self.after.valence - self.before.valence, 4), round(self.after.arousal - self.before.arousal, 4)
        )

    def changed(self, **values: Any) -> Entry:
        """This entry with other `values`; ValidationError where one is not allowed."""
        return Entry.model_validate(dict(self) | values)

    def to_json(self) -> str:
        return self.model_dump_json(indent=2, exclude={"id"}) + "\n"


def read_entry(folder: Path) -> Entry | None:
    """The entry of the session in `folder`; None where the folder holds no session.

    A session that came without an entry, such as one that the terminal program composed, gets it from its
    record. Raises OSError or ValueError where the files cannot be read or understood.
    """
    try:
        entry = Entry.model_validate_json((folder / ENTRY).read_bytes())
    except FileNotFoundError:
        return _entry_of_record(folder)
    return entry.model_copy(update={"id": folder.name})


def write_entry(folder: Path, entry: Entry) -> None:
    """Replace the entry in one move; raises OSError."""
    write_whole(folder / ENTRY, entry.to_json().encode())


def _entry_of_record(folder: Path) -> Entry | None:
    path = folder / RECORD
    try:
        record = SessionRecord.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    return Entry.of(folder.name, datetime.fromtimestamp(path.stat().st_mtime).astimezone(), record)
