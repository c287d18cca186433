"""`docwitness coverage`: which sample witnesses which row, language by language."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

import docwitness
from docwitness.archive import last
from docwitness.collect import collect
from docwitness.commands.options import config_option, report_option
from docwitness.config.reading import load
from docwitness.coverage import Coverage, Field, Row, coverage_of
from docwitness.errors import Exit
from docwitness.reporters.file import check_writable, write
from docwitness.verdict import Kind

FORMAT = 1
_TITLES = {Kind.PARAMETER: "Parameters", Kind.ERROR: "Errors"}
_LABEL_WIDTH = 48


@click.command("coverage", short_help="Show which sample witnesses which parameter and error.")
@report_option
@click.option("--format", "form", type=click.Choice(["table", "markdown", "json"]), default="table", help="Default: table.")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it there, not to standard output.")
@config_option
def show_coverage(json_file: Path | None, form: str, output: Path | None, config: Path | None) -> int:
    """Shows, from the last run, which sample of which language witnesses each row of the tables of parameters and errors.

    A row that no sample of a language shows is a gap, unless the configuration says why that language cannot.
    Fails when less than `coverage.floor` percent are witnessed.

    \b
    Examples:
      docwitness coverage
      docwitness coverage --format markdown --output coverage.md
    """  # noqa: D301 - click reads the backspace
    if output is not None:
        check_writable(output)
    configuration = load(Path.cwd(), config)
    found = coverage_of(configuration, collect(configuration), last(configuration.root, json_file))
    text = {"table": _table, "markdown": _markdown, "json": _json}[form](found)
    if output is None:
        click.echo(text, nl=False)
    else:
        write(output, text)
    for line in _faults(found):
        click.echo(line, err=True)
    floor = configuration.coverage.floor
    click.echo(f"docwitness: witnessed: {found.wanted - len(found.gaps)} of {found.wanted}, {found.percent} %", err=True)
    if found.percent < floor:
        click.echo(f"docwitness: the configuration demands {floor} %", err=True)
    return Exit.FAILED if found.percent < floor or found.contradictions else Exit.OK


def _groups(found: Coverage) -> Iterator[tuple[str, list[Row]]]:
    for kind, title in _TITLES.items():
        for of in dict.fromkeys(row.of for row in found.rows if row.kind is kind):
            yield f"{title} of {of}", [row for row in found.rows if row.kind is kind and row.of == of]


def _table(found: Coverage) -> str:
    lines: list[str] = []
    for title, rows in _groups(found):
        cells = [[_cut(row.label), *(_words(found.fields[row, language]) for language in found.languages)] for row in rows]
        cells.insert(0, [title, *found.languages])
        widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
        lines += ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]
        lines.append("")
    return "\n".join(
        [*lines, "(name): the client sends it by itself; cannot: the configuration says why; GAP: no sample shows it", ""]
    )


def _cut(label: str) -> str:
    return label if len(label) <= _LABEL_WIDTH else f"{label[: _LABEL_WIDTH - 1]}…"


def _words(field: Field) -> str:
    if not field.witnesses:
        return "GAP" if field.is_gap else "cannot"
    first, *others = field.witnesses
    more = f" +{len(others)}" if others else ""
    return f"{first.id if first.on_purpose else f'({first.id})'}{more}"


def _markdown(found: Coverage) -> str:
    lines: list[str] = []
    reasons: dict[str, int] = {}
    for title, rows in _groups(found):
        lines += [f"## {title}", "", f"| | {' | '.join(found.languages)} |", f"|---|{'---|' * len(found.languages)}"]
        for row in rows:
            cells = (_marked(found.fields[row, language], reasons) for language in found.languages)
            lines.append(f"| `{row.label}` | {' | '.join(cells)} |")
        lines.append("")
    lines += [f"{number}. {reason}" for reason, number in reasons.items()]
    return "\n".join(lines).rstrip() + "\n"


def _marked(field: Field, reasons: dict[str, int]) -> str:
    if field.inability is not None and not field.witnesses:
        return f"cannot ({reasons.setdefault(field.inability.reason, len(reasons) + 1)})"
    if not field.witnesses:
        return "**no sample**"
    first, *others = field.witnesses
    more = f" and {len(others)} more" if others else ""
    return f"`{first.id}`{more}" if first.on_purpose else f"*`{first.id}`{more}*"


def _json(found: Coverage) -> str:
    document = {
        "format": FORMAT,
        "docwitness": docwitness.__version__,
        "languages": list(found.languages),
        "wanted": found.wanted,
        "witnessed": found.wanted - len(found.gaps),
        "percent": found.percent,
        "rows": [_row(row, [found.fields[row, language] for language in found.languages]) for row in found.rows],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _row(row: Row, fields: Sequence[Field]) -> dict[str, Any]:
    return {
        "kind": str(row.kind),
        "of": row.of,
        "row": row.label,
        "page": row.location.path,
        "line": row.location.line,
        "languages": {field.language: _field(field) for field in fields},
    }


def _field(field: Field) -> dict[str, Any]:
    samples = [{"id": witness.id, "on_purpose": witness.on_purpose} for witness in field.witnesses]
    return {"samples": samples} | ({} if field.inability is None else {"cannot": field.inability.reason})


def _faults(found: Coverage) -> Iterator[str]:
    for field in found.gaps:
        what = "sends" if field.row.kind is Kind.PARAMETER else "is answered with"
        yield f"{field.row.location}: no {field.language} sample {what} {field.row.label!r}"
    for field in found.contradictions:
        assert field.inability is not None
        witness = field.witnesses[0]
        yield (
            f"{field.row.location}: {field.row.label!r}: {field.language} is said to be unable to ({field.inability.reason}), "
            f"but {witness.id!r} ({witness.location}) does"
        )
