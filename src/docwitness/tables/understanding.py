"""Which cells of a marked table are read into claims, which state something that nobody can judge, and which are prose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from docwitness.directives import Role
from docwitness.page import Cell
from docwitness.tables import cells
from docwitness.tables.columns import Column
from docwitness.tables.phrases import Said, denies, said
from docwitness.tables.statuses import statuses
from docwitness.tables.units import begins_with_unit, names_unit, unit_ns

_OPTION = frozenset(
    {Column.NAME, Column.REQUIRED, Column.OPTIONAL, Column.HONORED, Column.IGNORED, Column.VALUE, Column.TYPE, Column.DEFAULT},
)
HELD: Mapping[Role, frozenset[Column]] = {
    Role.PARAMETERS: _OPTION | {Column.PLACE},
    Role.OPTIONS: _OPTION,
    Role.VALUES: frozenset({Column.VALUE, Column.UNIT, Column.MEANING, Column.SYNONYMS, Column.DEFAULT}),
    Role.ERRORS: frozenset({Column.STATUS, Column.CODE, Column.MESSAGE}),
}
"""The columns that claims are read from."""
_FOR_PEOPLE: Mapping[Role, frozenset[Column]] = {Role.ERRORS: frozenset({Column.CAUSE, Column.FIX, Column.MEANING})}
"""The columns that are known and not judged, whatever their cells hold, beside prose."""
_ONE_JOB: Mapping[Role, frozenset[Column]] = {
    Role.PARAMETERS: frozenset({Column.NAME, Column.UNIT}),
    Role.OPTIONS: frozenset({Column.NAME, Column.UNIT}),
    Role.VALUES: frozenset({Column.VALUE, Column.UNIT, Column.DEFAULT}),
    Role.ERRORS: frozenset({Column.STATUS, Column.UNIT}),
}
"""The columns whose cells are never prose."""

_DIGIT = re.compile(r"\d")
_OTHER_PLACE = re.compile(r"\b(?:path|body|cookies?|form)\b", re.IGNORECASE)
"""Places of a request that no parameter of ours stands in, so that nothing can show it."""


def is_understood(role: Role, column: Column | datetime | None, cell: Cell, *, is_item: bool = False) -> bool:
    """Whether claims are read from a cell, or it is in a column of prose. An item of a list may say everything in one."""
    if isinstance(column, datetime):
        return number_in(cell) is not None
    if column is None or column not in HELD[role]:
        return column is Column.PROSE
    if role is Role.ERRORS:
        return _is_read_of_error(column, cell)
    words = said_in(column, cell)
    if not words.understood:
        return False
    if role is Role.VALUES:
        return _is_read_of_value(column, cell, words, is_item=is_item)
    return _is_read_of_parameter(column, cell, words, is_item=is_item)


def is_stated(role: Role, column: Column | datetime | None, cell: Cell) -> bool:
    """Whether a cell that is not understood is a claim all the same."""
    if column in _FOR_PEOPLE.get(role, ()):
        return False
    if column in _ONE_JOB[role] or (isinstance(column, datetime) and _DIGIT.search(cell.text)):
        return True
    if column is Column.PLACE and _OTHER_PLACE.search(cell.text):
        return True
    return cells.has_role_words(cells.words(cell)) if column is Column.TYPE else cells.states_something(cell)


def said_in(column: Column, cell: Cell) -> Said:
    """What a cell says in words. Those of a name that is not in code are the name."""
    return Said() if column is Column.NAME and not cell.codes else said(cell, column)


def unit_of_meaning(cell: Cell) -> int | None:
    """The nanoseconds of the unit that a value stands for, where that is the first that is said of it."""
    return unit_ns(cell.text) if begins_with_unit(cell.text) else None


def number_in(cell: Cell) -> int | None:
    """What it holds, where that is a number and nothing else."""
    digits = cell.text.replace(",", "").replace("_", "")
    return int(digits) if digits.isdecimal() else None


def _is_read_of_parameter(column: Column, cell: Cell, words: Said, *, is_item: bool) -> bool:
    has_places = column in (Column.NAME, Column.PLACE) or is_item
    if words.is_default is not None or (words.places and not has_places):
        return False
    match column:
        case Column.NAME:
            return not words.defaults
        case Column.REQUIRED | Column.OPTIONAL:
            return words.required is not None
        case Column.HONORED | Column.IGNORED:
            return words.honored is not None
        case Column.VALUE | Column.DEFAULT if cell.codes:
            return column is Column.VALUE or len(cell.codes) == 1
        case _:
            return words.anything


def _is_read_of_value(column: Column, cell: Cell, words: Said, *, is_item: bool) -> bool:
    if words.required is not None or words.honored is not None or words.places:
        return False
    match column:
        case Column.UNIT:
            return unit_ns(cells.words(cell)) is not None
        case Column.MEANING:
            return not cell.codes and (words.is_default is not None or unit_of_meaning(cell) is not None)
        case Column.SYNONYMS:
            return bool(cell.codes)
        case Column.DEFAULT:
            return words.is_default is not None
        case _:
            return not is_item or not names_unit(cells.words(cell)) or unit_ns(cells.words(cell)) is not None


def _is_read_of_error(column: Column, cell: Cell) -> bool:
    match column:
        case Column.STATUS:
            return bool(statuses(cell.text))
        case Column.CODE if len(cell.codes) > 1:
            return False
        case _:
            return not cell.codes or not denies(cells.words(cell))
