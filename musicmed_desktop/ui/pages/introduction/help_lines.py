"""Where help is in a crisis, from resources/texts/help_lines.json, which names the source of each number."""

from __future__ import annotations

from functools import cache

from pydantic import BaseModel, ConfigDict

from musicmed_desktop.paths import resource


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HelpLine(_Document):
    name: str
    number: str
    how: str


class Country(_Document):
    """`code` is ISO 3166-1 alpha-2."""

    country: str
    code: str
    emergency: str
    lines: tuple[HelpLine, ...]
    sources: tuple[str, ...]


class Directory(_Document):
    """A list of help lines of many countries, on the internet."""

    name: str
    address: str
    source: str


class Elsewhere(_Document):
    emergency: str
    directories: tuple[Directory, ...]


class HelpLines(_Document):
    about: str
    countries: tuple[Country, ...]
    elsewhere: Elsewhere


@cache
def help_lines() -> HelpLines:
    return HelpLines.model_validate_json(resource("texts/help_lines.json").read_bytes())
