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
    yield f"{coverage.wanted - len(coverage.gaps)} of {coverage.wanted} are shown by a sample that the last run has proven."
    yield "A sample counts for a parameter when it sends it, and for an error when it is answered with it."
    reasons: dict[str, int] = {}
    for kind, role in _ROLES.items():
        for of in dict.fromkeys(row.of for row in coverage.rows if row.kind is kind):
            yield from ("", f"## {role.value.capitalize()} of {of}", "")
            yield from (f"| | {' | '.join(map(str.capitalize, coverage.languages))} |", f"|---{'|---' * len(coverage.languages)}|")
            for row in (row for row in coverage.rows if row.kind is kind and row.of == of):
                cells = [_cell(coverage.fields[row, language], links, reasons) for language in coverage.languages]
                yield f"| {_label(row, links)} | {' | '.join(cells)} |"
    if reasons:
        yield from ("", "Where a language cannot:", "")
        yield from (f"{number}. {reason}" for reason, number in reasons.items())


def row_anchor(row: Row) -> str:
    """The anchor of a row on its page."""
    return of_row(_ROLES[row.kind], row.label)


def samples(field: Field, links: Links, *, limit: int) -> str:
    """Links to the samples that show a row in one language, to so many of them."""
    shown = [links.to(f"`{each.id}`", each.location, each.id) for each in field.witnesses[:limit]]
    more = len(field.witnesses) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _label(row: Row, links: Links) -> str:
    return links.to(f"`{row.label}`", row.location, row_anchor(row))


def _cell(field: Field, links: Links, reasons: dict[str, int]) -> str:
    if field.witnesses:
        return samples(field, links, limit=1)
    if field.inability is None:
        return "**no sample**"
    return f"cannot ({reasons.setdefault(field.inability.reason, len(reasons) + 1)})"
