"""From one row of a marked table to its claims, by what each of its cells holds. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from docwitness.claim import (
    Allowed,
    Claim,
    Default,
    ErrorReturned,
    Honored,
    Instant,
    OnlyValues,
    Origin,
    Required,
    Value,
    error_label,
)
from docwitness.directives import Role
from docwitness.page import Cell
from docwitness.tables import cells
from docwitness.tables.columns import Column, subject

_STATUS = re.compile(r"\b[1-5]\d\d\b")
_SECOND_NS = 1_000_000_000
_UNITS_NS = {
    "nanosecond": 1,
    "microsecond": 1_000,
    "millisecond": 1_000_000,
    "second": _SECOND_NS,
    "minute": 60 * _SECOND_NS,
    "hour": 3600 * _SECOND_NS,
    "day": 86_400 * _SECOND_NS,
}
_UNIT = re.compile(rf"\b({'|'.join(_UNITS_NS)})s?\b", re.IGNORECASE)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_ID = 60
"""Characters of a message that an id repeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The cells of a row by what they hold. Those that hold nothing known are left out."""

    role: Role
    cells: Mapping[Column, Cell]
    moments: tuple[tuple[datetime, Cell], ...] = ()
    """Cells that hold a number for a moment."""
    is_item: bool = False
    """It is the one cell of a list's item, which stands for several."""

    @property
    def subject(self) -> Cell:
        """What the row is about."""
        return self.cells[subject(self.role)]

    @property
    def labels(self) -> tuple[str, ...]:
        """What links know the row by: each name in it, each error, or its value. None for a row that is about nothing."""
        if subject(self.role) not in self.cells:
            return ()
        match self.role:
            case Role.ERRORS:
                return tuple(error_label(status, code, message) for status, code, message in _answers(self))
            case Role.VALUES:
                return (self.subject.text,)
            case _:
                return names(self.subject)

    def claims(self, origin: Origin) -> Iterator[Claim]:
        """Everything that it states."""
        match self.role:
            case Role.ERRORS:
                yield from _errors(self, origin)
            case Role.VALUES:
                yield from _values(self, origin)
            case _:
                for name in names(self.subject):
                    yield from _parameter(self, origin, name)


def line_of(role: Role, columns: Sequence[Column | datetime | None], row: Sequence[Cell]) -> Line:
    """A row of a table by what its columns hold, or the item of a list, which has no columns."""
    if not columns:
        return _from_item(role, row[0])
    known: dict[Column, Cell] = {}
    moments: list[tuple[datetime, Cell]] = []
    for column, cell in zip(columns, row, strict=False):
        if isinstance(column, datetime):
            moments.append((column, cell))
        elif column is not None:
            known.setdefault(column, cell)
    return Line(role=role, cells=known, moments=tuple(moments))


def _from_item(role: Role, cell: Cell) -> Line:
    """Its first code span is what it is about, the rest stands for all columns."""
    if role is Role.VALUES:
        return Line(role=role, cells={Column.VALUE: cell, Column.UNIT: cell}, is_item=True)
    parts = [Cell(text=code, codes=(code,)) for code in cell.codes]
    if role is Role.ERRORS:
        columns = (Column.STATUS, Column.CODE, Column.MESSAGE)
        return Line(role=role, cells=dict(zip(columns, parts or [cell], strict=False)), is_item=True)
    first = parts[0] if parts else Cell(text="")
    rest = Cell(text=cell.text.replace(first.text, "", 1), codes=cell.codes[1:])
    others = (Column.PLACE, Column.REQUIRED, Column.HONORED, Column.VALUE)
    return Line(role=role, cells={Column.NAME: first} | dict.fromkeys(others, rest), is_item=True)


_HELD: Mapping[Role, frozenset[Column]] = {
    Role.PARAMETERS: frozenset(
        {Column.NAME, Column.PLACE, Column.REQUIRED, Column.HONORED, Column.IGNORED, Column.VALUE, Column.DEFAULT}
    ),
    Role.OPTIONS: frozenset({Column.NAME, Column.REQUIRED, Column.HONORED, Column.IGNORED, Column.VALUE, Column.DEFAULT}),
    Role.VALUES: frozenset({Column.VALUE, Column.UNIT, Column.SYNONYMS}),
    Role.ERRORS: frozenset({Column.STATUS, Column.CODE, Column.MESSAGE}),
}
"""The columns that claims are read from."""
_FOR_PEOPLE: Mapping[Role, frozenset[Column]] = {Role.ERRORS: frozenset({Column.CAUSE, Column.FIX})}
"""The columns that are known and not judged, whatever their cells hold, beside prose."""
_UNDERSTOOD: Mapping[Column, Callable[[Cell], bool]] = {
    Column.PLACE: lambda cell: bool(cells.places(cell)),
    Column.REQUIRED: lambda cell: cells.says_required(cell) is not None,
    Column.HONORED: lambda cell: cells.says_honored(cell, yes=True) is not None,
    Column.IGNORED: lambda cell: cells.says_honored(cell, yes=False) is not None,
    Column.VALUE: lambda cell: bool(cell.codes),
    Column.DEFAULT: lambda cell: bool(cell.codes),
    Column.SYNONYMS: lambda cell: bool(cell.codes),
    Column.UNIT: lambda cell: _unit_ns(cell) is not None,
}
"""Whether a cell of that column says what it is there for; those that are not listed always do."""


def is_understood(role: Role, column: Column | datetime | None, cell: Cell) -> bool:
    """Whether claims were read from a cell, or it is for people only."""
    if isinstance(column, datetime):
        return _number(cell) is not None
    if column is None or column not in _HELD[role]:
        return column is Column.PROSE
    if column is subject(role) or column not in _UNDERSTOOD:
        return True
    return _UNDERSTOOD[column](cell)


def is_for_people(role: Role, column: Column | datetime | None) -> bool:
    """Whether the error index shows what stands there, and nothing judges it."""
    return column in _FOR_PEOPLE.get(role, ())


def names(cell: Cell) -> tuple[str, ...]:
    """The parameters that the first cell of a row names."""
    return cell.codes or tuple(filter(None, [cell.text.strip(" *")]))


def _parameter(line: Line, origin: Origin, name: str) -> Iterator[Claim]:
    def identified(aspect: str) -> str:
        return f"{origin.of}:{name}:{aspect}"

    if cell := line.cells.get(Column.PLACE):
        for place in cells.places(cell):
            yield Allowed(id=identified(f"in {place}"), origin=origin, cell=cell.text, name=name, place=place)
    cell = line.cells.get(Column.REQUIRED, Cell(text=""))
    required = True if "*" in cells.words(line.subject) else cells.says_required(cell)
    if required is not None:
        yield Required(id=identified("required"), origin=origin, cell=cell.text or line.subject.text, name=name, required=required)
    yield from _honored(line, origin, name)
    yield from _listed(line, origin, name)


def _honored(line: Line, origin: Origin, name: str) -> Iterator[Claim]:
    """What its cell says; an option that is listed without such a cell is claimed to do something."""
    identifier = f"{origin.of}:{name}:honored"
    if line.role is Role.OPTIONS and not {Column.HONORED, Column.IGNORED} & line.cells.keys():
        yield Honored(id=identifier, origin=origin, cell=line.subject.text, name=name, honored=True)
    for column in (Column.HONORED, Column.IGNORED):
        if cell := line.cells.get(column):
            honored = cells.says_honored(cell, yes=column is Column.HONORED)
            if honored is not None:
                yield Honored(id=identifier, origin=origin, cell=cell.text, name=name, honored=honored)


def _listed(line: Line, origin: Origin, name: str) -> Iterator[Claim]:
    """The values of a parameter, and its default, be that marked among them or in a column of its own."""
    cell = line.cells.get(Column.VALUE, Cell(text=""))
    listed = [(cell, span) for span in cells.spans(cell)]
    for _, span in listed:
        yield Value(id=f"{origin.of}:{name}={span.code}", origin=origin, cell=cell.text, name=name, value=span.code)
    if listed:
        codes = tuple(span.code for _, span in listed)
        closed = not cells.gives_examples(cell)
        yield OnlyValues(id=f"{origin.of}:{name}:values", origin=origin, cell=cell.text, name=name, values=codes, closed=closed)
    own = line.cells.get(Column.DEFAULT, Cell(text=""))
    defaults = [(cell.text, span.code) for _, span in listed if span.default] + [(own.text, code) for code in own.codes[:1]]
    for text, value in dict.fromkeys(defaults):
        yield Default(id=f"{origin.of}:{name}:default", origin=origin, cell=text, name=name, value=value)


def _values(line: Line, origin: Origin) -> Iterator[Claim]:
    """A row of a `values` table; `of` is the parameter."""
    cell, name = line.subject, origin.of
    unit = _unit_ns(line.cells.get(Column.UNIT))
    values = cells.spans(cell) or (cells.Span(code=cell.text, default=False),)
    for span in values:
        said = cell.text if unit is None else f"{cell.text}: {line.cells[Column.UNIT].text}"
        yield Value(id=f"{name}={span.code}", origin=origin, cell=said, name=name, value=span.code, unit_ns=unit)
        if span.default:
            yield Default(id=f"{name}:default", origin=origin, cell=cell.text, name=name, value=span.code)
    main = values[0].code
    same = line.cells.get(Column.SYNONYMS, Cell(text=""))
    for code in same.codes:
        yield Value(id=f"{name}={code}", origin=origin, cell=same.text, name=name, value=code, same_as=main)
    if Column.SYNONYMS in line.cells:
        words = (*(span.code for span in values), *same.codes)
        identifier = f"{name}={main}:synonyms"
        yield OnlyValues(id=identifier, origin=origin, cell=same.text, name=name, values=words, synonyms_of=main)
    yield from _instants(line, origin, main)


def _instants(line: Line, origin: Origin, value: str) -> Iterator[Claim]:
    for moment, cell in line.moments:
        number = _number(cell)
        if number is not None:
            time_ns = (moment - _EPOCH) // timedelta(microseconds=1) * 1000
            identifier = f"{origin.of}={value}:{number}"
            yield Instant(id=identifier, origin=origin, cell=cell.text, name=origin.of, value=value, number=number, time_ns=time_ns)


def _number(cell: Cell) -> int | None:
    digits = cell.text.replace(",", "").replace("_", "")
    return int(digits) if digits.isdecimal() else None


def _unit_ns(cell: Cell | None) -> int | None:
    found = None if cell is None else _UNIT.search(cell.text)
    return _UNITS_NS[found[1].lower()] if found else None


def _errors(line: Line, origin: Origin) -> Iterator[Claim]:
    for status, code, message in _answers(line):
        parts = [str(status), code, None if message is None else message[:_LONGEST_ID]]
        yield ErrorReturned(
            id=":".join([origin.of, *(part for part in parts if part)]),
            origin=origin,
            cell=" ".join(part for part in (str(status), code, message) if part),
            status=status,
            code=code,
            message=message,
        )


def _answers(line: Line) -> Iterator[tuple[int, str | None, str | None]]:
    """Status, code and message of each error that a row names."""
    code = _words(line.cells.get(Column.CODE))
    for status in _STATUS.findall(line.subject.text):
        for message in _alternatives(line.cells.get(Column.MESSAGE)):
            yield int(status), code, message


def _words(cell: Cell | None) -> str | None:
    """The one text of a cell, in code or not; None when it is empty."""
    return next(iter(_alternatives(cell)), None)


def _alternatives(cell: Cell | None) -> tuple[str | None, ...]:
    """The texts that a cell names: its code spans, or all of it."""
    if cell is None or not cell.text:
        return (None,)
    return cell.codes or (cell.text,)
