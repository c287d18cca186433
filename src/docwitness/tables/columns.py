"""What the columns of a marked table hold, told by their headings."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum

from docwitness.directives import Role
from docwitness.spelling import one_edit_apart


class Column(StrEnum):
    """What a column holds; the values are the keys of `[tool.docwitness.columns]`."""

    NAME = "name"
    PLACE = "place"
    REQUIRED = "required"
    OPTIONAL = "optional"
    """As `required`, where `yes` means the opposite."""
    HONORED = "honored"
    IGNORED = "ignored"
    """As `honored`, where `yes` means the opposite."""
    VALUE = "value"
    TYPE = "type"
    """Of a value; or values, where no other column holds them and it names more than a type."""
    DEFAULT = "default"
    UNIT = "unit"
    MEANING = "meaning"
    """Of a value: its unit, where the cell begins with one; and that it is the default. Other words are for people."""
    SYNONYMS = "synonyms"
    STATUS = "status"
    CODE = "code"
    MESSAGE = "message"
    CAUSE = "cause"
    """Of an error. Like the fix, it is for people: it is not judged, and the error index shows it."""
    FIX = "fix"
    PROSE = "prose"
    """Words for people: what stands there is not judged."""


_HEADINGS: Mapping[Column, tuple[str, ...]] = {
    Column.NAME: ("parameter", "query parameter", "header", "option", "argument", "key", "name", "keyword", "property", "setting"),
    Column.PLACE: ("allowed in", "in", "place", "location", "sent in", "sent as", "where"),
    Column.REQUIRED: ("required", "mandatory", "needed"),
    Column.OPTIONAL: ("optional",),
    Column.HONORED: ("honored", "honoured"),
    Column.IGNORED: ("ignored",),
    Column.VALUE: (
        *("value", "values", "accepts", "allowed values", "accepted values", "possible values", "supported values", "valid values"),
        "precision",
    ),
    Column.TYPE: ("type",),
    Column.DEFAULT: ("default", "default value", "defaults to", "if omitted", "when omitted"),
    Column.UNIT: ("unit", "units", "time unit", "unit of time"),
    Column.MEANING: ("meaning", "means", "what it means", "stands for", "description"),
    Column.SYNONYMS: ("same as", "synonym", "synonyms", "alias", "aliases", "also", "also accepted"),
    Column.STATUS: ("status", "status code", "http status", "http status code", "http code"),
    Column.CODE: ("code", "error code"),
    Column.MESSAGE: ("message", "error message"),
    Column.CAUSE: ("cause", "why", "when", "explanation"),
    Column.FIX: ("fix", "cure", "solution", "what to do"),
}

_SHORT = 4
"""Letters of a heading that other words are one slip away from: *Mode* is no misspelt *Code*."""

_SUBJECT: Mapping[Role, Column] = {
    Role.PARAMETERS: Column.NAME,
    Role.OPTIONS: Column.NAME,
    Role.VALUES: Column.VALUE,
    Role.ERRORS: Column.STATUS,
}
"""The column without which the rows of a table are about nothing."""


def subject(role: Role) -> Column:
    """The column that says what a row is about."""
    return _SUBJECT[role]


def plain(heading: str) -> str:
    """A heading as it is compared: without its case, and without marks around it."""
    return heading.casefold().strip(" *?")


def columns_of(headings: Sequence[str], configured: Mapping[str, Sequence[str]]) -> tuple[Column | datetime | None, ...]:
    """What each column holds: a known kind, numbers that are all that moment, or nothing that its heading tells.

    Args:
        headings: As a reader sees them.
        configured: Further headings by the value of their `Column`; they go before the usual ones.
    """
    known = {heading: column for column, usual in _HEADINGS.items() for heading in usual}
    known |= {plain(heading): Column(key) for key, more in configured.items() for heading in more}
    found = tuple(known.get(plain(heading), _moment(heading)) for heading in headings)
    if Column.NAME in found or Column.VALUE in found:
        return found
    return tuple(Column.VALUE if column is Column.TYPE else column for column in found)


def meant_heading(heading: str, columns: Collection[Column]) -> str | None:
    """The usual heading of one of these columns that a heading is one slip away from; a plural is none."""
    usual = (each for column in columns for each in _HEADINGS.get(column, ()) if len(each) > _SHORT)
    return next((each for each in usual if plain(heading) != f"{each}s" and one_edit_apart(plain(heading), each)), None)


def _moment(heading: str) -> datetime | None:
    """The moment that a heading names, such as `2024-12-30 08:00:00 UTC`; UTC is meant where no time zone is named."""
    text = re.sub(r"\s*(?:UTC|GMT|Z)\s*\Z", "+00:00", heading.strip())
    try:
        moment = datetime.fromisoformat(text) if ":" in text else None
    except ValueError:
        return None
    return moment and moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
