"""Every change of every row of our own tables of options must be noticed: nothing that they say may change unseen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import pytest
from tests.options.conftest import PAGES, ROOT, Lab

from docwitness.claim import OnlyParameters
from docwitness.collect import collect
from docwitness.collection import Collection
from docwitness.config.reading import load
from docwitness.directives import Role
from docwitness.page import Cell, Row, Table
from docwitness.tables.cells import gives_examples
from docwitness.tables.columns import Column, columns_of
from docwitness.tables.reading import read
from docwitness.verdict import Outcome

COLLECTION: Collection = collect(load(ROOT), PAGES)
TABLES = tuple(table for table in COLLECTION.tables if table.directives.role is Role.OPTIONS)
SAMPLES = {sample.id: sample for sample in COLLECTION.samples}


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """A changed row."""

    what: str
    row: Row


def _renamed(literal: str) -> str:
    """Another literal of the same type, or another word."""
    opposite = {"true": "false", "false": "true", "True": "False", "False": "True"}
    if literal in opposite:
        return opposite[literal]
    if literal.startswith(('"', "[")):
        return re.sub(r'"(?=\]?\Z)', 'q"', literal)
    return f"{literal}7" if literal[-1:].isdigit() else f"{literal[:-1]}q"


def _listed(codes: tuple[str, ...]) -> Cell:
    return Cell(text=", ".join(codes), codes=codes)


def _changed(column: object, cell: Cell) -> Iterator[tuple[str, Cell]]:
    """Each change of one cell: of the name of an option, too."""
    for old, new in (("Required", "Optional"), ("Optional", "Required")):
        if column is Column.REQUIRED and cell.text == old:
            yield f"{old} → {new}", Cell(text=new)
    for code in cell.codes if not gives_examples(cell) else ():
        codes = tuple(_renamed(each) if each == code else each for each in cell.codes)
        if len(set(codes)) == len(codes):
            yield f"{code} renamed", _listed(codes)
        if column is Column.VALUE and len(cell.codes) > 1:
            yield f"{code} removed", _listed(tuple(each for each in cell.codes if each != code))
    if column is Column.VALUE and cell.codes and not gives_examples(cell):
        yield "a value added", _listed((*cell.codes, '"fortnight"'))


def _moved(row: Row, at: int, values: Cell | None) -> Iterator[tuple[str, Cell]]:
    """The default moved to each other value of the row."""
    default = row.cells[at].codes[:1]
    for code in values.codes if values is not None and default else ():
        if (code,) != default:
            yield f"default moved to {code}", _listed((code,))


def mutations(table: Table) -> Iterator[Mutation]:
    """Each change of each row."""
    columns = columns_of(table.headings, {})
    for row in table.rows:
        cells = dict(zip(columns, row.cells, strict=True))
        for at, (column, cell) in enumerate(zip(columns, row.cells, strict=True)):
            changes = [*_changed(column, cell)]
            if column is Column.DEFAULT:
                changes += _moved(row, at, cells.get(Column.VALUE))
            for what, new in changes:
                yield Mutation(what=f"{row.location}: {what}", row=replace(row, cells=(*row.cells[:at], new, *row.cells[at + 1 :])))


def survivors(lab: Lab, table: Table, mutations: Sequence[Mutation]) -> list[str]:
    """Those of which everything is proven still."""
    readings = [read(replace(table, rows=(mutation.row, *company(table, mutation.row))), {}) for mutation in mutations]
    claims = [[claim for claim in reading.claims if not isinstance(claim, OnlyParameters)] for reading in readings]
    outcomes = [{each.ruling.outcome for each in judged} for judged in lab.claims(*claims)]
    assert not any(Outcome.ERROR in each for each in outcomes)
    tried = zip(mutations, readings, outcomes, strict=True)
    return [mutation.what for mutation, reading, found in tried if not reading.defects and found == {Outcome.PROVEN}]


def company(table: Table, row: Row) -> tuple[Row, ...]:
    """Rows that a row may need: those after whose options its own is named."""
    name = row.cells[0].codes[0]
    return tuple(each for each in table.rows if each.location != row.location and each.cells[0].codes[0] in name)


@pytest.fixture
def docs(lab: Lab) -> Lab:
    alone = lab.alone()
    for sample in SAMPLES.values():
        alone.add(sample)
    return alone


def by_name(table: Table) -> str:
    """What tells tables apart: two may be about the same."""
    return f"{table.directives.of}-{table.directives.base}"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("table", TABLES, ids=by_name)
def test_no_change_of_any_row_survives(docs: Lab, table: Table, need: Callable[[str], str]) -> None:
    need(SAMPLES[table.directives.base or ""].language)
    tried = list(mutations(table))
    assert len(tried) >= len(table.rows)
    assert survivors(docs, table, tried) == []


@pytest.mark.parametrize("table", TABLES, ids=by_name)
def test_a_row_that_is_double_is_noticed(table: Table) -> None:
    for row in table.rows:
        double = replace(row, location=replace(row.location, line=row.location.line + 1000))
        found = read(replace(table, rows=(*table.rows, double)), {}).defects
        assert [defect.location for defect in found] == [double.location]


def completeness(docs: Lab, table: Table) -> Outcome:
    """Whether rows are missing in a table, or in the others about the same; they stand beside it on the page."""
    others = [each for each in TABLES if each.directives.of == table.directives.of and each.location != table.location]
    readings = [read(each, {}) for each in (table, *others)]
    (judged,) = docs.claims([claim for each in readings for claim in each.claims if isinstance(claim, OnlyParameters)])
    return judged[0].ruling.outcome if not readings[0].defects else Outcome.REFUTED


@pytest.mark.parametrize("table", TABLES, ids=by_name)
def test_a_row_that_is_missing_is_noticed(docs: Lab, table: Table, need: Callable[[str], str]) -> None:
    need(SAMPLES[table.directives.base or ""].language)
    assert completeness(docs, table) is Outcome.PROVEN
    without = [replace(table, rows=tuple(each for each in table.rows if each is not row)) for row in table.rows]
    outcomes = dict(zip((row.location for row in table.rows), (completeness(docs, each) for each in without), strict=True))
    assert {location: outcome for location, outcome in outcomes.items() if outcome is not Outcome.REFUTED} == {}
