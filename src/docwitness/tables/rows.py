"""From one row of a marked table to its claims, by what each of its cells holds. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from docwitness.claim import (
    Allowed,
    Claim,
    Default,
    ErrorReturned,
    Honored,
    Instant,
    NotDefault,
    OnlyValues,
    Origin,
    Place,
    Required,
    Value,
    error_label,
)
from docwitness.directives import Role
from docwitness.page import Cell
from docwitness.tables import cells
from docwitness.tables.columns import Column, subject
from docwitness.tables.phrases import Said
from docwitness.tables.statuses import statuses
from docwitness.tables.understanding import is_stated, is_understood, number_in, said_in, unit_of_meaning
from docwitness.tables.units import unit_ns

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_ID = 60
"""Characters of a message that an id repeats."""
_WORD = re.compile(r"[^\s–—-]")
"""What is more than a dash, which leaves a question open."""
_NOTHING = Cell(text="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The cells of a row by what they hold. Those that hold nothing known are left out."""

    role: Role
    cells: Mapping[Column, Cell]
    moments: tuple[tuple[datetime, Cell], ...] = ()
    """Cells that hold a number for a moment."""
    is_item: bool = False
    """It is a list's item: the cell of its values stands for all columns."""

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

    @property
    def is_unread(self) -> bool:
        """Whether one of its cells states something that is not understood."""
        unread = ((column, cell) for column, cell in self.cells.items() if cell.text and not self.read(column).text)
        return any(is_stated(self.role, column, cell) for column, cell in unread)

    def read(self, column: Column) -> Cell:
        """The cell of a column; empty where it is not there, or not understood."""
        cell = self.cells.get(column, _NOTHING)
        return cell if is_understood(self.role, column, cell, is_item=self.is_item) else _NOTHING

    def said(self) -> Iterator[tuple[Cell, Said]]:
        """What its cells say in words, those first that are there for it."""
        for column in _SAYING:
            cell = self.read(column)
            if cell.text:
                yield cell, said_in(column, cell)

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


_SAYING = (
    Column.REQUIRED,
    Column.OPTIONAL,
    Column.HONORED,
    Column.IGNORED,
    Column.PLACE,
    Column.NAME,
    Column.VALUE,
    Column.TYPE,
    Column.DEFAULT,
    Column.UNIT,
    Column.MEANING,
    Column.SYNONYMS,
)


def held(columns: Sequence[Column | datetime | None], row: Sequence[Cell]) -> Iterator[tuple[Column | datetime | None, Cell]]:
    """The cells with what they hold: under *Type* values too, where no other column has them and it names more than a type."""
    for column, cell in zip(columns, row, strict=False):
        has_values = column is Column.TYPE and Column.VALUE not in columns and not cells.names_types(cell)
        yield Column.VALUE if has_values else column, cell


def line_of(role: Role, columns: Sequence[Column | datetime | None], row: Sequence[Cell]) -> Line:
    """A row of a table by what its columns hold, or the item of a list, which has no columns."""
    if not columns:
        return _from_item(role, row[0])
    known: dict[Column, Cell] = {}
    moments: list[tuple[datetime, Cell]] = []
    for column, cell in held(columns, row):
        if isinstance(column, datetime):
            moments.append((column, cell))
        elif column is not None:
            known.setdefault(column, cell)
    return Line(role=role, cells=known, moments=tuple(moments))


def _from_item(role: Role, cell: Cell) -> Line:
    """Its first code span is what it is about, the rest stands for all columns."""
    if role is Role.VALUES:
        return Line(role=role, cells={Column.VALUE: cell}, is_item=True)
    parts = [Cell(text=code, codes=(code,)) for code in cell.codes]
    if role is Role.ERRORS:
        known = dict(zip((Column.STATUS, Column.CODE), parts or [cell], strict=False))
        more = {Column.MESSAGE: Cell(text=cell.text, codes=cell.codes[2:])} if len(parts) > len(known) else {}
        return Line(role=role, cells=known | more, is_item=True)
    first = parts[0] if parts else _NOTHING
    before = cells.between(cell)[0] if parts else ""
    rest = Cell(text=before + cell.text[len(before) + len(first.text) :], codes=cell.codes[1:])
    return Line(role=role, cells={Column.NAME: first, Column.VALUE: rest}, is_item=True)


def names(cell: Cell) -> tuple[str, ...]:
    """The parameters that the first cell of a row names."""
    return cell.codes or tuple(filter(None, [cell.text.strip(" *")]))


def _parameter(line: Line, origin: Origin, name: str) -> Iterator[Claim]:
    def identified(aspect: str, number: int = 1) -> str:
        return f"{origin.of}:{name}:{aspect}" if number == 1 else f"{origin.of}:{name}:{aspect}:{number}"

    for place, cell in _places(line).items():
        yield Allowed(id=identified(f"in {place}"), origin=origin, cell=cell.text, name=name, place=place)
    for number, (required, cell) in enumerate(_required(line).items(), 1):
        yield Required(id=identified("required", number), origin=origin, cell=cell.text, name=name, required=required)
    for number, (honored, cell) in enumerate(_honored(line).items(), 1):
        yield Honored(id=identified("honored", number), origin=origin, cell=cell.text, name=name, honored=honored)
    yield from _listed(line, origin, name)


def _places(line: Line) -> Mapping[Place, Cell]:
    """The places that it may stand in, each with the first cell that says so."""
    found: dict[Place, Cell] = {}
    for cell, words in line.said():
        found = dict.fromkeys(words.places, cell) | found
    return found


def _required(line: Line) -> Mapping[bool, Cell]:
    """What is said of it; both where cells contradict each other, so that one of them is refuted."""
    found: dict[bool, Cell] = {}
    for cell, words in line.said():
        if words.required is not None:
            found.setdefault(words.required, cell)
    if "*" in cells.words(line.subject):
        found.setdefault(True, line.subject)
    return found


def _honored(line: Line) -> Mapping[bool, Cell]:
    """As for what is required; an option of which nothing is said is claimed to do something."""
    found: dict[bool, Cell] = {}
    for cell, words in line.said():
        if words.honored is not None:
            found.setdefault(words.honored, cell)
    implied = line.role is Role.OPTIONS and not found and not {Column.HONORED, Column.IGNORED} & line.cells.keys()
    return {True: line.subject} if implied else found


def _listed(line: Line, origin: Origin, name: str) -> Iterator[Claim]:
    """The values of a parameter, and its default, be that marked among them or said elsewhere."""
    cell = line.read(Column.VALUE)
    alone = len(said_in(Column.VALUE, cell).named) == len(cell.codes)
    codes = () if alone else tuple(dict.fromkeys(cell.codes))
    for code in codes:
        yield Value(id=f"{origin.of}:{name}={code}", origin=origin, cell=cell.text, name=name, value=code)
    if codes:
        closed = not cells.gives_examples(cell)
        yield OnlyValues(id=f"{origin.of}:{name}:values", origin=origin, cell=cell.text, name=name, values=codes, closed=closed)
    own = line.read(Column.DEFAULT)
    defaults = {(cell.text, cell.codes[index]): None for cell, words in line.said() for index in words.defaults}
    for text, value in defaults | dict.fromkeys((own.text, code) for code in own.codes):
        yield Default(id=f"{origin.of}:{name}:default", origin=origin, cell=text, name=name, value=value)


def _values(line: Line, origin: Origin) -> Iterator[Claim]:
    """A row of a `values` table; `of` is the parameter."""
    cell, name = line.subject, origin.of
    codes = cell.codes or (cell.text,)
    for number, (length, unit) in enumerate(_units(line).items(), 1):
        stated = cell.text if length is None or line.is_item else f"{cell.text}: {unit.text}"
        for code in codes:
            identifier = f"{name}={code}" if number == 1 else f"{name}={code}:{number}"
            yield Value(id=identifier, origin=origin, cell=stated, name=name, value=code, unit_ns=length)
    for value, text in _defaults(line, codes[0]).items():
        yield Default(id=f"{name}:default", origin=origin, cell=text, name=name, value=value)
    denied = line.read(Column.DEFAULT)
    if _WORD.search(denied.text) and said_in(Column.DEFAULT, denied).is_default is False:
        yield NotDefault(id=f"{name}={codes[0]}:no default", origin=origin, cell=denied.text, name=name, value=codes[0])
    yield from _synonyms(line, origin, codes)
    yield from _instants(line, origin, codes[0])


def _units(line: Line) -> Mapping[int | None, Cell]:
    """The nanoseconds of the unit that a value stands for, with the cell that says so; both where cells contradict each other."""
    unit, meaning = line.read(Column.VALUE if line.is_item else Column.UNIT), line.read(Column.MEANING)
    found: dict[int | None, Cell] = {}
    for length, cell in ((unit_ns(cells.words(unit)), unit), (unit_of_meaning(meaning), meaning)):
        if length is not None:
            found.setdefault(length, cell)
    return found or {None: unit}


def _defaults(line: Line, value: str) -> Mapping[str, str]:
    """What a row of values calls the default, and where; with no code before that word, it is its value."""
    found: dict[str, str] = {}
    for cell, words in line.said():
        for index in words.defaults:
            found.setdefault(cell.codes[index], cell.text)
        if words.is_default:
            found.setdefault(value, cell.text)
    return found


def _synonyms(line: Line, origin: Origin, values: tuple[str, ...]) -> Iterator[Claim]:
    name, main = origin.of, values[0]
    same = line.read(Column.SYNONYMS)
    for code in same.codes:
        yield Value(id=f"{name}={code}", origin=origin, cell=same.text, name=name, value=code, same_as=main)
    if Column.SYNONYMS in line.cells and same.codes == line.cells[Column.SYNONYMS].codes:
        words = (*values, *same.codes)
        identifier = f"{name}={main}:synonyms"
        yield OnlyValues(id=identifier, origin=origin, cell=same.text, name=name, values=words, synonyms_of=main)


def _instants(line: Line, origin: Origin, value: str) -> Iterator[Claim]:
    for moment, cell in line.moments:
        number = number_in(cell)
        if number is not None:
            time_ns = (moment - _EPOCH) // timedelta(microseconds=1) * 1000
            identifier = f"{origin.of}={value}:{number}"
            yield Instant(id=identifier, origin=origin, cell=cell.text, name=origin.of, value=value, number=number, time_ns=time_ns)


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
    code = _words(line.read(Column.CODE))
    for status in statuses(line.subject.text):
        for message in _alternatives(line.read(Column.MESSAGE)):
            yield int(status), code, message


def _words(cell: Cell) -> str | None:
    """The one text of a cell, in code or not; None when it is empty."""
    return next(iter(_alternatives(cell)), None)


def _alternatives(cell: Cell) -> tuple[str | None, ...]:
    """The texts that a cell names: its code spans, or all of it."""
    if not cell.text:
        return (None,)
    return cell.codes or (cell.text,)
