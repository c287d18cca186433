"""Every change of every row of our own tables must be noticed at that row: nothing that they say may change unseen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from tests.claims.conftest import Judge

from docwitness.claim import Claim
from docwitness.directives import Role
from docwitness.page import Cell, Location, Row, Table
from docwitness.tables.columns import Column, columns_of, subject
from docwitness.tables.reading import read
from docwitness.verdict import Outcome

_WORDS = (("Required", "Optional"), ("Optional", "Required"), ("Honored", "Ignored"), ("Ignored", "Honored"))
_PLACES = (("Query string", "Header"), ("Header", "Query string"))
_UNITS = ("nanosecond", "microsecond", "millisecond", "second", "minute", "hour")


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """A table with one change."""

    what: str
    table: Table
    places: frozenset[Location]
    """Where it may be noticed."""


def _cells(row: Row, at: int, cell: Cell) -> Row:
    return replace(row, cells=(*row.cells[:at], cell, *row.cells[at + 1 :]))


def _worded(cell: Cell, old: str, new: str) -> Cell:
    return replace(cell, text=cell.text.replace(old, new), codes=tuple(code if code != old else new for code in cell.codes))


def _without(cell: Cell, code: str) -> Cell:
    text = re.sub(rf"(?:, | or )?(?<!\w){re.escape(code)}(?!\w)(?: \(default\))?", "", cell.text, count=1)
    return Cell(text=text.strip(" ,"), codes=tuple(other for other in cell.codes if other != code))


def changed_cells(role: Role, column: object, cell: Cell) -> Iterator[tuple[str, Cell]]:
    """Each change of one cell, in words."""
    for old, new in (*_WORDS, *_PLACES):
        if cell.text == old:
            yield f"{old} → {new}", Cell(text=new)
    if column is Column.UNIT:
        yield from ((f"unit {word}", Cell(text=word)) for word in _UNITS if word != cell.text)
    elif role is Role.ERRORS:
        yield from changed_error(column, cell)
    else:
        yield from changed_values(column, cell)


def changed_error(column: object, cell: Cell) -> Iterator[tuple[str, Cell]]:
    if column is Column.STATUS:
        statuses = ("400", "401", "403", "404", "413", "415", "422", "500")
        yield from ((f"status {status}", Cell(text=status)) for status in statuses if status != cell.text)
    elif column in (Column.CODE, Column.MESSAGE):
        words = cell.text.split(" ")
        for number, word in enumerate(words):
            if word.strip("…"):
                text = " ".join([*words[:number], "otherwise", *words[number + 1 :]])
                yield f"{word} → otherwise", Cell(text=text, codes=(text,))


def changed_values(column: object, cell: Cell) -> Iterator[tuple[str, Cell]]:
    for code in cell.codes:
        yield f"{code} renamed", _worded(cell, code, f"{code[:-1]}{'7' if code[-1:].isdigit() else 'q'}")
        if len(cell.codes) > 1 or column is Column.SYNONYMS:
            yield f"{code} removed", _without(cell, code)
    if column in (Column.VALUE, Column.SYNONYMS) and cell.codes:
        yield "a value added", Cell(text=f"{cell.text}, fortnight", codes=(*cell.codes, "fortnight"))
    if "(default)" in cell.text:
        plain = cell.text.replace(" (default)", "")
        for code in cell.codes:
            moved = re.sub(rf"(?<!\w){re.escape(code)}(?!\w)", f"{code} (default)", plain, count=1)
            if moved != cell.text:
                yield f"default moved to {code}", replace(cell, text=moved)


def mutations(table: Table) -> Iterator[Mutation]:
    """Each change of each row."""
    columns = columns_of(table.headings, {})
    role = table.directives.role
    for index, row in enumerate(table.rows):
        before, after = table.rows[:index], table.rows[index + 1 :]
        for at, (column, cell) in enumerate(zip(columns, row.cells, strict=True)):
            for what, new in changed_cells(role, column, cell):
                rows = (*before, _cells(row, at, new), *after)
                yield Mutation(what=f"{row.location}: {what}", table=replace(table, rows=rows), places=frozenset({row.location}))
        yield Mutation(
            what=f"{row.location}: removed", table=replace(table, rows=(*before, *after)), places=frozenset({table.location})
        )
        double = replace(row, location=replace(row.location, line=row.location.line + 1000))
        rows = (*before, row, double, *after)
        yield Mutation(what=f"{row.location}: doubled", table=replace(table, rows=rows), places=frozenset({double.location}))
    yield from moved_defaults(table, columns)


def moved_defaults(table: Table, columns: tuple[object, ...]) -> Iterator[Mutation]:
    """In a table of values, the default moved to each other row."""
    at = columns.index(subject(table.directives.role))
    marked = [row for row in table.rows if "(default)" in row.cells[at].text]
    for row in table.rows if table.directives.role is Role.VALUES else ():
        if row not in marked:
            rows = [
                _cells(each, at, replace(each.cells[at], text=each.cells[at].text.replace(" (default)", ""))) for each in table.rows
            ]
            number = table.rows.index(row)
            rows[number] = _cells(row, at, replace(row.cells[at], text=f"{row.cells[at].text} (default)"))
            places = frozenset({row.location})
            yield Mutation(what=f"{row.location}: default moved here", table=replace(table, rows=tuple(rows)), places=places)


def claims_with(docs: Judge, mutated: Table) -> list[Claim]:
    """Those of the changed table, and of the others where it is a table of errors, which all of them serve."""
    tables = [table for table in docs.tables if table.location != mutated.location]
    needed = tables if mutated.directives.role is Role.ERRORS else []
    return [claim for table in (*needed, mutated) for claim in read(table, {}).claims]


def survives(docs: Judge, mutation: Mutation) -> bool:
    noticed = {defect.location for defect in read(mutation.table, {}).defects}
    for judged in docs.verdicts(claims_with(docs, mutation.table)) if not noticed else ():
        if judged.ruling.outcome is not Outcome.PROVEN:
            noticed.add(judged.claim.origin.location)
    return not noticed & mutation.places


def test_the_tables_as_they_are_are_proven(docs: Judge) -> None:
    claims = [claim for table in docs.tables for claim in read(table, {}).claims]
    assert len(claims) > 80
    assert [
        (judged.claim.id, judged.ruling.reason) for judged in docs.verdicts(claims) if judged.ruling.outcome is not Outcome.PROVEN
    ] == []


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize(("role", "least"), [(Role.PARAMETERS, 80), (Role.VALUES, 50), (Role.ERRORS, 150)])
def test_no_change_of_any_row_survives(docs: Judge, role: Role, least: int, part: int) -> None:
    """In four parts, so that none of them takes long."""
    tried = [mutation for table in docs.tables if table.directives.role is role for mutation in mutations(table)]
    assert len(tried) >= least
    assert [mutation.what for mutation in tried[part::4] if survives(docs, mutation)] == []
