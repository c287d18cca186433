"""`docwitness matrix`: the same claims over several targets, in one table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

import docwitness
from docwitness.collect import collect
from docwitness.collection import Collection
from docwitness.commands.display import told
from docwitness.commands.driving import driven
from docwitness.commands.options import config_option, json_option
from docwitness.config.reading import load
from docwitness.equipment import runners_for, target_for
from docwitness.errors import Exit, TargetUnavailableError
from docwitness.events import Event
from docwitness.matrix import Column, Entry, Line, Matrix, matrix
from docwitness.pipeline import Run, RunOptions
from docwitness.report import Report
from docwitness.reporters.file import STANDARD_OUTPUT, check_writable, write
from docwitness.reporters.json import exchange_document, target_document
from docwitness.settings import Configuration
from docwitness.verdict import Outcome

FORMAT = 1


def _names(_context: click.Context, _option: click.Parameter, value: str) -> tuple[str, ...]:
    names = tuple(filter(None, (name.strip() for name in value.split(","))))
    if not names or len(set(names)) < len(names):
        raise click.BadParameter("targets separated by commas were expected, each once")
    return names


@click.command("matrix", short_help="Judge the same claims over several targets.")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--targets",
    required=True,
    metavar="A,B,…",
    callback=_names,
    help="Names of the configuration, URLs, embedded, or embedded:PROFILE.",
)
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the table there, not to standard output.")
@json_option
@config_option
def judge_matrix(
    paths: tuple[Path, ...], targets: tuple[str, ...], output: Path | None, json_file: Path | None, config: Path | None
) -> int:
    """Judges the same samples and tables over several targets, one after another, and lays the verdicts side by side.

    Verdicts do not decide the exit status: it is 0 when all targets could be run.

    \b
    Examples:
      docwitness matrix --targets embedded:cloud-dedicated,embedded:primer
      docwitness matrix --targets embedded,victoria --output matrix.md --json matrix.json
    """  # noqa: D301 - click reads the backspace
    for file in filter(None, (output, json_file)):
        check_writable(file)
    configuration = load(Path.cwd(), config)
    for name in targets:
        target_for(configuration, name, None)
    reports, unavailable = _judged(configuration, collect(configuration, paths), targets)
    found = matrix(reports, unavailable)
    if json_file is not None:
        write(json_file, json.dumps(_document(found), indent=2, ensure_ascii=False) + "\n")
    text = "\n".join(_page(found)) + "\n"
    if output is None:
        click.echo(text, nl=False, err=json_file == STANDARD_OUTPUT)
    else:
        write(output, text)
    if any(report.interrupted for report in reports.values()):
        return Exit.INTERRUPTED
    if not found.lines:
        return Exit.NOTHING
    return Exit.TARGET if unavailable else Exit.OK


def _judged(configuration: Configuration, collection: Collection, names: Sequence[str]) -> tuple[dict[str, Report], dict[str, str]]:
    """The report over each target, and why some were unavailable."""
    reports: dict[str, Report] = {}
    unavailable: dict[str, str] = {}
    for name in names:
        runners = runners_for(configuration, {sample.language for sample in collection.samples})
        target = target_for(configuration, name, None)
        run = Run(configuration, collection, runners=runners, target=target, options=RunOptions(), listen=_silent)
        click.echo(f"docwitness: {name}: samples: {len(collection.samples)}, claims of tables: {len(collection.claims)}", err=True)
        try:
            with told():
                reports[name] = driven(run)
        except TargetUnavailableError as error:
            reports[name], unavailable[name] = run.report(), str(error)
            click.echo(f"docwitness: {name}: {error}", err=True)
        if reports[name].interrupted:
            break
    return reports, unavailable


def _silent(_event: Event) -> None:
    """Nobody watches."""


def _page(found: Matrix) -> Iterator[str]:
    names = [column.name for column in found.columns]
    yield from ("# The same claims over several targets", "", "| Target | Server |" + "".join(f" {each} |" for each in Outcome))
    yield "|---|---|" + "---|" * len(Outcome)
    for column in found.columns:
        yield f"| `{column.name}` | {_server(column)} |" + "".join(f" {column.summary[each]} |" for each in Outcome)
    for page in dict.fromkeys(line.location.path for line in found.lines):
        yield from (
            "",
            f"## {page}",
            "",
            f"| Claim | Line | {' | '.join(f'`{name}`' for name in names)} |",
            f"|---|---|{'---|' * len(names)}",
        )
        for line in found.lines:
            if line.location.path == page:
                cells = (_cell(line.entries.get(name)) for name in names)
                yield f"| {_claim(line)} | {line.location.line} | {' | '.join(cells)} |"
    yield from _differences(found)


def _server(column: Column) -> str:
    if column.description is None:
        return f"unavailable: {_flat(column.unavailable)}"
    return f"{column.description.server}{f', profile {column.description.profile}' if column.description.profile else ''}"


def _claim(line: Line) -> str:
    return f"`{_flat(line.id)}`" if not line.cell else f"`{_flat(line.id)}`: {_flat(line.cell)}"


def _cell(entry: Entry | None) -> str:
    if entry is None:
        return ""
    return f"{entry.outcome} ({entry.status})" if entry.status else str(entry.outcome)


def _differences(found: Matrix) -> Iterator[str]:
    differing = [line for line in found.lines if line.differs]
    if differing:
        yield from ("", "## Where the targets do not agree", "")
    for line in differing:
        yield f"- {_claim(line)}"
        for name, entry in line.entries.items():
            yield f"    - `{name}`: {_cell(entry)}" + (f": {_flat(entry.reason)}" if entry.reason else "")


def _flat(text: str) -> str:
    """Fit for a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def _document(found: Matrix) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "docwitness": docwitness.__version__,
        "targets": [_target(column) for column in found.columns],
        "claims": [
            {
                "id": line.id,
                "kind": str(line.kind),
                "page": line.location.path,
                "line": line.location.line,
                "language": line.language,
                "cell": line.cell,
                "row": line.row,
                "verdicts": {name: _entry(entry) for name, entry in line.entries.items()},
            }
            for line in found.lines
        ],
    }


def _target(column: Column) -> dict[str, Any]:
    about = {} if column.description is None else target_document(column.description)
    why = {"unavailable": column.unavailable} if column.unavailable else {}
    return {"name": column.name, "summary": {str(outcome): count for outcome, count in column.summary.items()}} | about | why


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "verdict": str(entry.outcome),
        "rule": None if entry.rule is None else str(entry.rule),
        "reason": entry.reason,
        "status": entry.status,
        "change": entry.change,
        "exchange": None if entry.exchange is None else exchange_document(entry.exchange),
    }
