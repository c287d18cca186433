"""`docwitness pages`: what a site needs of the last run beside its own pages."""

from __future__ import annotations

from pathlib import Path

import click

from docwitness.archive import last
from docwitness.commands.options import config_option
from docwitness.config import load
from docwitness.durations import FOLDER
from docwitness.errors import Exit
from docwitness.integrations import exhibits


@click.command(short_help="Write what the site shows of the last run.")
@click.option(
    "--docs",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path("docs"),
    show_default=True,
    metavar="DIR",
    help="The folder of the site's pages.",
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Read this report, instead of that of the last run.",
)
@config_option
def pages(docs: Path, json_file: Path | None, config: Path | None) -> int:
    """Writes the evidence behind the marks of a site, for its builder to take along: a file for each mark, in DIR/evidence.

    Without a report there is nothing to show: what an earlier run left there goes, and the site has no marks.

    \b
    Examples:
      docwitness run && docwitness pages && mkdocs build
    """  # noqa: D301 - click reads the backspace
    root = load(Path.cwd(), config).root
    folder = docs / exhibits.FOLDER
    there = json_file is not None or (root / FOLDER / "report.json").exists()
    written = exhibits.write(last(root, json_file), folder) if there else exhibits.clear(folder)
    click.echo(f"evidence: {written} files in {folder}")
    return Exit.OK
