"""`docwitness twins`: a built site once more as Markdown, for agents."""

from __future__ import annotations

from pathlib import Path

import click

from docwitness.errors import Exit
from docwitness.integrations import llms


@click.command(short_help="Write the Markdown twins of a built site, and llms.txt.")
@click.option(
    "--site",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path("site"),
    show_default=True,
    metavar="DIR",
    help="The folder of the built site.",
)
@click.option(
    "--settings",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=Path("mkdocs.yml"),
    show_default=True,
    metavar="FILE",
    help="The settings that it was built with.",
)
def twins(site: Path, settings: Path) -> int:
    """Writes every page of a built site once more as Markdown beside it (index.md), with what its marks say, and llms.txt and
    llms-full.txt into DIR: what agents read. The pages are made from their sources, whatever built the site.

    \b
    Examples:
      mkdocs build && docwitness twins
    """  # noqa: D205, D301 - one sentence; click reads the backspace
    number = llms.write(settings, site)
    click.echo(f"twins: {number} pages, {llms.LIST} and {llms.FULL} in {site}")
    return Exit.OK
