"""Arguments and options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from docwitness.plugins import Group, installed
from docwitness.spelling import suggestion

Command = TypeVar("Command", bound=Callable[..., Any])


def _known_languages(_context: click.Context, _option: click.Parameter, languages: tuple[str, ...]) -> tuple[str, ...]:
    known = installed(Group.RUNNERS) if languages else ()
    for language in languages:
        if language not in known:
            raise click.BadParameter(f"no runner for {language!r}{suggestion(language, known)}; installed: {', '.join(known)}")
    return languages


def choosing(command: Command) -> Command:
    """`PATH…`, `-k` and `--lang`: which samples."""
    for decorate in (
        click.option(
            "--lang",
            "languages",
            multiple=True,
            metavar="L",
            callback=_known_languages,
            help="Only samples of this language (shell, python, node, telegraf); may be repeated.",
        ),
        click.option(
            "-k",
            "keyword",
            default="",
            metavar="EXPR",
            help="Only samples whose id or page holds a name, e.g. -k 'write and not gzip'. Predecessors in a session run too.",
        ),
        click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(exists=True, path_type=Path)),
    ):
        command = decorate(command)
    return command


json_option = click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also write the result as JSON to this file; -: standard output.",
)
report_option = click.option(
    "--json",
    "json_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Read this report, instead of that of the last run.",
)
config_option = click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The configuration file, instead of the nearest docwitness.toml or pyproject.toml.",
)
