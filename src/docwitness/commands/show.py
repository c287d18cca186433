"""`docwitness show`: one claim of the last run with its evidence."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import click
from rich.console import Console

from docwitness.archive import last
from docwitness.commands.display import colored
from docwitness.commands.options import config_option, report_option
from docwitness.config.reading import load
from docwitness.errors import Exit, UsageError
from docwitness.reporters.account import account
from docwitness.verdict import Verdict

_LISTED = 12
"""Claims that are named where a word fits several."""


@click.command(short_help="Show a claim of the last run with its evidence.")
@click.argument("claim", metavar="CLAIM")
@report_option
@config_option
def show(claim: str, json_file: Path | None, config: Path | None) -> int:
    """Shows a claim of the last run: where it stands, the verdict, and the exchanges and points that decide it.

    CLAIM is an id as reports have it, a part of one that fits no other, or a place (PAGE:LINE).

    \b
    Examples:
      docwitness show write-bearer
      docwitness show precision:default
      docwitness show docs/parameters.md:42
    """  # noqa: D301 - click reads the backspace
    report = last(load(Path.cwd(), config).root, json_file)
    color = colored(sys.stdout)
    console = Console(force_terminal=color, no_color=not color, color_system="standard" if color else None, highlight=False)
    for number, verdict in enumerate(_wanted(claim, report.verdicts)):
        if number:
            console.print()
        for line in account(verdict, report.evidence):
            console.print(line, soft_wrap=True)
    return Exit.OK


def _wanted(word: str, verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The claims that are meant. Raises `UsageError` when there is none, or the word does not tell which."""
    exact = [verdict for verdict in verdicts if verdict.id == word]
    found = exact or [verdict for verdict in verdicts if word in _places(verdict)]
    if found:
        return found
    found = [verdict for verdict in verdicts if word.casefold() in verdict.id.casefold()]
    if len(found) == 1:
        return found
    if found:
        more = f"\n  … and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
        raise UsageError(f"{len(found)} claims have {word!r} in their ids:{_list(found[:_LISTED])}{more}")
    known = {verdict.id.casefold(): verdict for verdict in verdicts}
    near = [known[name] for name in get_close_matches(word.casefold(), known, n=3, cutoff=0.5)]
    raise UsageError(f"the report has no claim {word!r}" + (f"; did you mean:{_list(near)}" if near else ""))


def _places(verdict: Verdict) -> set[str]:
    return {str(verdict.location), f"{verdict.location.path}:{verdict.at}"}


def _list(verdicts: Sequence[Verdict]) -> str:
    return "".join(f"\n  {verdict.id}  ({verdict.location}, {verdict.outcome})" for verdict in verdicts)
