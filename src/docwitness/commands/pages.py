"""`docwitness pages`: what a site needs of the last run beside its own pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import click

from docwitness.archive import last
from docwitness.collect import collect
from docwitness.commands.options import config_option, report_option
from docwitness.config.reading import load
from docwitness.coverage import coverage_of
from docwitness.errors import ConfigurationError, DocwitnessError, Exit, NothingCollectedError, UsageError
from docwitness.integrations import assets, coverage_page, error_index, exhibits
from docwitness.integrations.anchors import Links
from docwitness.report import Report
from docwitness.settings import Configuration

COVERAGE = "coverage.md"
ERRORS = "errors.md"

_NO_REPORT = "There is no report of a run that can be read"
_UNUSABLE: Mapping[type[DocwitnessError], str] = {
    UsageError: "The last run was not about all pages as they are now",
    ConfigurationError: "The configuration and the pages do not fit together",
    NothingCollectedError: "No page has a table of parameters or errors that is marked",
}
"""Why a report gives no pages, in words for the readers of the site; the messages of these errors are for those who write it."""


@click.command(short_help="Write what the site shows of the last run.")
@click.option(
    "--docs",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path("docs"),
    show_default=True,
    metavar="DIR",
    help="The folder of the site's pages.",
)
@report_option
@config_option
def pages(docs: Path, json_file: Path | None, config: Path | None) -> int:
    """Writes what a site shows of the last run, for its builder to take along: into DIR, the pages coverage.md and errors.md;
    into DIR/evidence, a file for each mark that opens; into DIR/assets, the script and the stylesheet.

    Without a report there is nothing to show: the pages say so, and what an earlier run left there goes.

    \b
    Examples:
      docwitness run && docwitness pages && mkdocs build
    """  # noqa: D205, D301 - one sentence; click reads the backspace
    configuration = load(Path.cwd(), config)
    assets.write(docs / assets.FOLDER)
    try:
        report = last(configuration.root, json_file)
    except UsageError as error:
        return _without(docs, str(error))
    number = exhibits.write(report, docs / exhibits.FOLDER)
    click.echo(f"evidence: {number} files in {docs / exhibits.FOLDER}")
    try:
        found = list(_pages(configuration, report, docs))
    except tuple(_UNUSABLE) as error:
        click.echo(f"docwitness: no coverage: {error}", err=True)
        found = list(_empty(_UNUSABLE[type(error)]))
    _write(docs, found)
    return Exit.OK


def _without(docs: Path, reason: str) -> int:
    exhibits.clear(docs / exhibits.FOLDER)
    _write(docs, _empty(_NO_REPORT))
    click.echo(f"docwitness: a site without marks: {reason}", err=True)
    return Exit.OK


def _write(docs: Path, found: Iterable[tuple[str, list[str]]]) -> None:
    for name, lines in found:
        (docs / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _pages(configuration: Configuration, report: Report, docs: Path) -> Iterator[tuple[str, list[str]]]:
    """The names and lines of the pages. Raises `UsageError` when the report is not about the pages as they are."""
    collection = collect(configuration)
    coverage = coverage_of(configuration, collection, report)
    links = Links(configuration.root, docs.absolute())
    yield COVERAGE, [*_head(coverage_page.TITLE, coverage_page.DESCRIPTION), *coverage_page.coverage_page(coverage, links)]
    index = error_index.error_index(coverage, collection, links, configuration.columns)
    yield ERRORS, [*_head(error_index.TITLE, error_index.DESCRIPTION), *index]


def _empty(reason: str) -> Iterator[tuple[str, list[str]]]:
    said = f"{reason}, so there is nothing to show."
    yield COVERAGE, [*_head(coverage_page.TITLE, coverage_page.DESCRIPTION), said]
    yield ERRORS, [*_head(error_index.TITLE, error_index.DESCRIPTION), said]


def _head(title: str, description: str) -> Iterator[str]:
    yield from ("---", f"title: {title}", f"description: {description}", "---", "", f"# {title}", "")
