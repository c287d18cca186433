"""The error index: an entry with an anchor of its own for each documented error, which a client's message can link to."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from docwitness.claim import ErrorReturned
from docwitness.collection import Collection
from docwitness.coverage import Coverage, Row
from docwitness.integrations.anchors import Links
from docwitness.integrations.coverage_page import first_sample, row_anchor
from docwitness.page import Cell, Location
from docwitness.tables import cells
from docwitness.tables.columns import Column, columns_of
from docwitness.verdict import Kind

TITLE = "Error index"
DESCRIPTION = "Every error of the API by status, code and message, with its cause, its fix, and the samples that meet it."

_FIRST = {Column.CAUSE: "Cause", Column.FIX: "Fix"}
_IN_THE_HEAD = frozenset({Column.STATUS, Column.CODE, Column.MESSAGE})


def error_index(coverage: Coverage, collection: Collection, links: Links, columns: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The lines of the page behind its title; `columns` are the headings that the configuration adds."""
    errors = {(claim.origin.location, claim.label): claim for claim in collection.claims if isinstance(claim, ErrorReturned)}
    said = _said(collection, columns)
    rows = [row for row in coverage.rows if row.kind is Kind.ERROR]
    yield "Each entry has an address of its own, so that programs can link to it from their messages."
    for status, group in groupby(rows, key=lambda row: row.label.partition(" ")[0]):
        yield from ("", f"## {status}")
        for row in group:
            claim = errors.get((row.location, row.label))
            if claim is not None:
                yield from _entry(row, claim, said.get(row.location, {}), coverage, links)


def _entry(row: Row, claim: ErrorReturned, said: Mapping[str, str], coverage: Coverage, links: Links) -> Iterator[str]:
    anchor = row_anchor(row)
    yield from ("", f"### `{row.label.partition(' ')[2] or row.label}` {{ #{anchor} }}", "")
    if claim.code and claim.message:
        yield f"- **Code**: `{claim.code}`"
    yield from (f"- **{heading}**: {cell}" for heading, cell in said.items())
    fields = ((language, coverage.fields[row, language]) for language in coverage.languages)
    seen = [first_sample(language.capitalize(), field, links) for language, field in fields if field.witnesses]
    if seen:
        yield f"- **Samples**: {', '.join(seen)}"
    yield f"- **More**: {links.to('its row in the table', row.location, anchor)}"


def _said(collection: Collection, columns: Mapping[str, Sequence[str]]) -> Mapping[Location, Mapping[str, str]]:
    """What each row says to people: cause and fix first, by these names, then whatever else there is, by its heading."""
    said: dict[Location, Mapping[str, str]] = {}
    for table in collection.tables:
        kinds = columns_of(table.headings, columns)
        for row in table.rows:
            held = [
                (kind, heading, cell) for kind, heading, cell in zip(kinds, table.headings, row.cells, strict=False) if cell.text
            ]
            first = {name: _markdown(cell) for wanted, name in _FIRST.items() for kind, _, cell in held if kind is wanted}
            rest = {heading: _markdown(cell) for kind, heading, cell in held if kind not in {*_FIRST, *_IN_THE_HEAD}}
            said[row.location] = first | rest
    return said


def _markdown(cell: Cell) -> str:
    """What a reader sees of it, code as code. Links are left out: they are relative to another page."""
    words = [re.sub(r"([\\*_\[\]])", r"\\\1", html.escape(text, quote=False)) for text in cells.between(cell)]
    return "".join(f"{text}`{code}`" for text, code in zip(words, cell.codes, strict=False)) + words[-1]
