"""The error index: an entry with an anchor of its own for each documented error, which a client's message can link to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from docwitness.claim import Claim, ErrorReturned, OnlyErrors
from docwitness.coverage import Coverage, Row
from docwitness.integrations.anchors import Links
from docwitness.integrations.coverage_page import row_anchor, samples
from docwitness.verdict import Kind

TITLE = "Error index"
DESCRIPTION = "Every error of the API by status, code and message, with its cause, its cure, and the samples that meet it."

_CELLS = " | "


def error_index(coverage: Coverage, claims: Iterable[Claim], links: Links) -> Iterator[str]:
    """The lines of the page behind its title."""
    claims = tuple(claims)
    headings = {claim.origin.table: claim.origin.row.split(_CELLS) for claim in claims if isinstance(claim, OnlyErrors)}
    errors = {(claim.origin.location, _label(claim)): claim for claim in claims if isinstance(claim, ErrorReturned)}
    rows = [row for row in coverage.rows if row.kind is Kind.ERROR]
    yield "Each entry has an address of its own, so that programs can link to it from their messages."
    for status, group in groupby(rows, key=lambda row: row.label.partition(" ")[0]):
        yield from ("", f"## {status}")
        for row in group:
            claim = errors.get((row.location, row.label))
            if claim is not None:
                yield from _entry(row, claim, headings.get(claim.origin.table, []), coverage, links)


def _entry(row: Row, claim: ErrorReturned, headings: list[str], coverage: Coverage, links: Links) -> Iterator[str]:
    anchor = row_anchor(row)
    yield from ("", f"### `{row.label.partition(' ')[2] or row.label}` {{ #{anchor} }}", "")
    for heading, cell in _said(headings, claim):
        yield f"- **{heading}**: {cell}"
    yield f"- **Cure**: {links.to('behind the cause in its table', row.location, anchor)}"
    for language in coverage.languages:
        field = coverage.fields[row, language]
        if field.witnesses:
            yield f"- **{language.capitalize()}**: {samples(field, links, limit=3)}"


def _said(headings: list[str], claim: ErrorReturned) -> Iterator[tuple[str, str]]:
    """Its code, and the other cells of its row with their headings. Status and message are in the headings of the page."""
    if claim.code and claim.message:
        yield "Code", f"`{claim.code}`"
    cells = claim.origin.row.split(_CELLS)
    known = {"", str(claim.status), claim.code, claim.message}
    for heading, cell in zip(headings, cells, strict=False):
        if cell not in known:
            yield heading, cell


def _label(claim: ErrorReturned) -> str:
    return " ".join(part for part in (str(claim.status), claim.message or claim.code) if part)
