"""The page that shows which sample witnesses which parameter and which error, each linked to its place."""

from __future__ import annotations

from collections.abc import Iterator

from docwitness.coverage import Coverage, Field, Row
from docwitness.directives import Role
from docwitness.integrations.anchors import Links, of_row
from docwitness.verdict import Kind

TITLE = "Coverage"
DESCRIPTION = "Which sample, in which language, shows each parameter and each error of the API - made from the last run."

_ROLES = {Kind.PARAMETER: Role.PARAMETERS, Kind.ERROR: Role.ERRORS}


def coverage_page(coverage: Coverage, links: Links) -> Iterator[str]:
    """The lines of the page behind its title."""
    yield "Each parameter and each error, in each language that can express it:"
    yield f"{coverage.wanted - len(coverage.gaps)} of {coverage.wanted} are shown by a sample that the last run has proven."
    yield "A sample counts for a parameter when it sends it, and for an error when it is answered with it."
    yield "The numbers say how many samples do; each leads to the first of them."
    reasons: dict[str, int] = {}
    for kind, role in _ROLES.items():
        for of in dict.fromkeys(row.of for row in coverage.rows if row.kind is kind):
            yield from ("", f"## {role.value.capitalize()} of {of}", "")
            headings = map(str.capitalize, (kind.value, *coverage.languages))
            yield from (f"| {' | '.join(headings)} |", f"|---{'|---' * len(coverage.languages)}|")
            for row in (row for row in coverage.rows if row.kind is kind and row.of == of):
                cells = [_cell(coverage.fields[row, language], links, reasons) for language in coverage.languages]
                yield f"| {_label(row, links)} | {' | '.join(cells)} |"
    if reasons:
        yield from ("", "Where a language cannot:", "")
        yield from (f"{number}. {reason}" for reason, number in reasons.items())


def row_anchor(row: Row) -> str:
    """The anchor of a row on its page."""
    return of_row(_ROLES[row.kind], row.label)


def first_sample(text: str, field: Field, links: Links) -> str:
    """A link to the first sample that shows a row in one language."""
    first = field.witnesses[0]
    return links.to(text, first.location, first.id)


def _label(row: Row, links: Links) -> str:
    return links.to(f"`{row.label}`", row.location, row_anchor(row))


def _cell(field: Field, links: Links, reasons: dict[str, int]) -> str:
    if field.witnesses:
        return first_sample(str(len(field.witnesses)), field, links)
    if field.inability is None:
        return "**no sample**"
    return f"cannot ({reasons.setdefault(field.inability.reason, len(reasons) + 1)})"
