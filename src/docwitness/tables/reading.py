"""From a marked table or list to what its rows claim, what is wrong with it, and which of its cells are prose. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from docwitness.claim import Claim, ErrorReturned, NotDefault, OnlyErrors, OnlyParameters, OnlyValues, Origin, Unreadable, Value
from docwitness.collection import Uncollected
from docwitness.directives import Role
from docwitness.page import Cell, Defect, Location, Row, Table
from docwitness.rule import Rule
from docwitness.tables import cells, rows
from docwitness.tables.columns import Column, columns_of, meant_heading, subject
from docwitness.tables.phrases import answers
from docwitness.tables.statuses import foreign_phrase
from docwitness.tables.understanding import HELD, is_stated, is_understood
from docwitness.text import digest

_OPERATION = re.compile(r"[A-Z]+ /\S*\Z")
_NEEDS_BASE = frozenset({Role.PARAMETERS, Role.VALUES, Role.OPTIONS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one table yields."""

    claims: tuple[Claim, ...]
    defects: tuple[Defect, ...]
    uncollected: tuple[Uncollected, ...]


def read(table: Table, columns: Mapping[str, Sequence[str]]) -> Reading:
    """Reads a marked table; `columns` are further headings, by the value of their `Column`."""
    reader = _Reader(table, columns)
    reader.read()
    return reader.reading()


class _Reader:
    """Goes through the rows of one table."""

    def __init__(self, table: Table, configured: Mapping[str, Sequence[str]]) -> None:
        self._table = table
        self._role = table.directives.role
        self._columns = columns_of(table.headings, configured)
        self._seen: dict[object, Location] = {}
        self._names: list[str] = []
        self._claims: list[Claim] = []
        self._defects: list[Defect] = []
        self._uncollected: list[Uncollected] = []

    def reading(self) -> Reading:
        return Reading(claims=tuple(self._claims), defects=tuple(self._defects), uncollected=tuple(self._uncollected))

    def read(self) -> None:
        problem = self._problem()
        if problem:
            self._defect(self._table.location, Rule.BAD_TABLE, problem)
            return
        self._misspelt_headings()
        for row in self._table.rows:
            self._row(row)
        self._claims += self._of_all_rows()
        defaults = [claim for claim in self._claims if self._role is Role.VALUES and claim.id.endswith(":default")]
        for claim in defaults[1:]:
            message = f"a second default: {defaults[0].origin.location} has one"
            self._defect(claim.origin.location, Rule.BAD_TABLE, message)
        if defaults:  # what is no default beside another one may still do the same, as its synonyms do
            self._claims = [claim for claim in self._claims if not isinstance(claim, NotDefault)]

    def _problem(self) -> str:
        """Why nothing of the table can be read."""
        of = self._table.directives.of
        if of is None:
            return f"{self._role} of what? say `of=…`"
        if self._role in (Role.PARAMETERS, Role.ERRORS) and not _OPERATION.match(of):
            return f'of={of!r} is not an operation, such as `of="POST /api/v2/write"`'
        if self._role in _NEEDS_BASE and self._table.directives.base is None:
            return "the sample to vary is missing: say `base=ID`"
        if not self._table.rows:
            return "it has no rows"
        return self._problem_of_columns() if self._table.headings else ""

    def _problem_of_columns(self) -> str:
        wanted = subject(self._role)
        held = [column for column in self._columns if isinstance(column, Column) and column in HELD[self._role]]
        double = next((column for column in held if held.count(column) > 1), None)
        number = f"no column for the {wanted}" if wanted not in held else f"more than one column for the {double}" if double else ""
        return number and f"{number}: the headings are {', '.join(map(repr, self._table.headings))}"

    def _misspelt_headings(self) -> None:
        """What stands under such a heading would be prose."""
        for heading, column in zip(self._table.headings, self._columns, strict=True):
            meant = meant_heading(heading, HELD[self._role]) if column is None else None
            if meant is not None:
                self._defect(self._table.location, Rule.BAD_TABLE, f"no heading is called {heading!r} (did you mean {meant!r}?)")

    def _row(self, row: Row) -> None:
        number = len(row.cells) if row.written is None else row.written
        if self._table.headings and number != len(self._table.headings):
            message = f"the row has {number} cells under {len(self._table.headings)} headings"
            self._defect(row.location, Rule.BAD_TABLE, message)
            return
        origin = self._origin(row.location, " | ".join(cell.text for cell in row.cells))
        line = rows.line_of(self._role, self._columns, row.cells)
        if not line.subject.text.strip(" *"):
            self._defect(row.location, Rule.BAD_TABLE, f"the row has no {subject(self._role)}")
            return
        claims = list(line.claims(origin))
        keys = list(_keys(line, claims))
        double = next((self._seen[key] for key in keys if key in self._seen), None)
        if double is not None:
            self._defect(row.location, Rule.DUPLICATE_ROW, f"the row is double: {double} is about the same")
            return
        self._seen |= dict.fromkeys(keys, row.location)
        self._names += rows.names(line.subject)
        self._claims += claims
        self._unjudged(row, line, origin, judged=bool(claims))

    def _unjudged(self, row: Row, line: rows.Line, origin: Origin, *, judged: bool) -> None:
        """What of the row no claim was read from: prose, or something that is stated in words nobody can judge."""
        if not self._table.headings:
            self._unjudged_item(row, line, origin, judged=judged)
            return
        for heading, (column, cell) in zip(self._table.headings, rows.held(self._columns, row.cells), strict=True):
            if not cell.text or is_understood(self._role, column, cell):
                continue
            if is_stated(self._role, column, cell) or (column is None and self._is_answer(heading, cell)):
                hint = foreign_phrase(cell.text) if column is Column.STATUS else ""
                self._claims.append(_unreadable(origin, heading, cell, hint))
            else:
                self._prose(row.location, heading)

    def _is_answer(self, heading: str, cell: Cell) -> bool:
        """Whether it is a plain yes or no to what its heading asks in other words than the known ones."""
        return self._role is not Role.ERRORS and cells.has_role_words(heading) and answers(cell.text)

    def _unjudged_item(self, row: Row, line: rows.Line, origin: Origin, *, judged: bool) -> None:
        (cell,) = row.cells
        if line.is_unread or (not judged and cells.states_something(cell)):
            self._claims.append(_unreadable(origin, "the item", cell))
        elif not judged:
            self._prose(row.location, "the item")

    def _prose(self, location: Location, what: str) -> None:
        self._uncollected.append(Uncollected(location=location, language=self._role, reason=f"{what}: prose, not judged"))

    def _of_all_rows(self) -> Iterator[Claim]:
        """What the table claims as a whole: that nothing is missing in it."""
        claims = self._claims
        of, partial = self._table.directives.of or "", self._table.directives.partial
        origin = self._origin(self._table.location, " | ".join(self._table.headings))
        match self._role:
            case Role.PARAMETERS | Role.OPTIONS if partial is not None:
                reason = f"its completeness: not judged, {partial}"
                self._uncollected.append(Uncollected(location=self._table.location, language=self._role, reason=reason))
            case Role.PARAMETERS | Role.OPTIONS:
                yield OnlyParameters(id=f"{of}:{self._role}", origin=origin, cell=origin.row, names=tuple(self._names))
            case Role.VALUES:
                values = tuple(claim.value for claim in claims if isinstance(claim, Value))
                yield OnlyValues(id=f"{of}:values", origin=origin, cell=origin.row, name=of, values=values)
            case _:
                errors = tuple(claim for claim in claims if isinstance(claim, ErrorReturned))
                yield OnlyErrors(id=f"{of}:errors", origin=origin, cell=origin.row, errors=errors)

    def _origin(self, location: Location, row: str) -> Origin:
        directives = self._table.directives
        return Origin(
            role=self._role,
            table=self._table.location,
            location=location,
            of=directives.of or "",
            base=directives.base,
            row=row,
            hash=digest(row),
        )

    def _defect(self, location: Location, rule: Rule, message: str) -> None:
        self._defects.append(Defect(location=location, rule=rule, message=message))


def _keys(line: rows.Line, claims: Iterable[Claim]) -> Iterator[object]:
    """What no two rows of a table may be about."""
    if line.role in (Role.PARAMETERS, Role.OPTIONS):
        yield from rows.names(line.subject)
    for claim in claims:
        match claim:
            case ErrorReturned():
                yield claim.status, claim.code, claim.message
            case Value() if line.role is Role.VALUES:
                yield claim.value
            case _:
                continue


def _unreadable(origin: Origin, heading: str, cell: Cell, hint: str = "") -> Unreadable:
    problem = f"{heading}: {cell.text!r} states something that is not understood"
    return Unreadable(id=f"{origin.of}:{origin.location.line}:{heading}", origin=origin, cell=cell.text, problem=problem, hint=hint)
