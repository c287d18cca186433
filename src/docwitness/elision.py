"""Texts and sequences in which `…` stands for what a page leaves out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

MARK = "…"
_TAB_STOPS = (4, 8)

Expected = TypeVar("Expected")
Actual = TypeVar("Actual")


@dataclass(frozen=True, slots=True)
class Gap:
    """Where a sequence departs from what is expected."""

    expected: int
    """Index of the first expected item that fits nowhere; the number of them when something is left over."""
    actual: int
    """Index of what stands there instead; the number of items when nothing does."""


def fits(expected: str, actual: str) -> bool:
    """Whether a text is as expected, with anything in place of each `…`.

    ```python
    from docwitness.elision import fits

    print(fits("missing … value", "missing bucket value"), fits("…", ""), fits("no token", "no tokens"))
    #> True True False
    ```
    """
    return expected == actual or (MARK in expected and _pattern(expected).fullmatch(actual) is not None)


@lru_cache(maxsize=512)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*?".join(map(re.escape, text.split(MARK))), re.DOTALL)


def first_gap(
    expected: Sequence[Expected],
    actual: Sequence[Actual],
    *,
    elides: Callable[[Expected], bool],
    agree: Callable[[Expected, Actual], bool],
) -> Gap | None:
    """Where `actual` first departs from `expected`, in which an item that elides stands for any number of items."""
    reached = {0}
    for index, item in enumerate(expected):
        if elides(item):
            reached = set(range(min(reached), len(actual) + 1))
            continue
        following = {position + 1 for position in reached if position < len(actual) and agree(item, actual[position])}
        if not following:
            return Gap(index, min(reached))
        reached = following
    return None if len(actual) in reached else Gap(len(expected), max(reached))


@dataclass(frozen=True, slots=True)
class TextDifference:
    """The first line in which a text is not as expected."""

    line: int
    """0-based line of the expected text; its number of lines when the other goes on."""
    reason: str


def text_difference(expected: str, actual: str) -> TextDifference | None:
    """Compares line by line; blanks at line ends and blank lines around count for nothing, a line with only `…` elides lines.

    A tab may be shown as blanks up to the next tab stop.
    """
    wanted, found = _lines(expected), _lines(actual)
    gap = first_gap(wanted, found, elides=lambda line: line.strip() == MARK, agree=_shows)
    if gap is None:
        return None
    was = f"was {shortened(found[gap.actual])}" if gap.actual < len(found) else "there was no more"
    if gap.expected == len(wanted):
        return TextDifference(gap.expected, f"expected no more, {was}")
    return TextDifference(gap.expected, f"expected {shortened(wanted[gap.expected])}, {was}")


def _shows(line: str, actual: str) -> bool:
    """Whether a line of a page is that one; Python-Markdown makes blanks of all tabs, and so do terminals when they are copied."""
    return fits(line, actual) or ("\t" in actual and any(fits(line, actual.expandtabs(stop)) for stop in _TAB_STOPS))


def shortened(text: str, longest: int = 120) -> str:
    """A text as messages quote it."""
    return repr(text if len(text) <= longest else f"{text[: longest - 1]}{MARK}")


def _lines(text: str) -> list[str]:
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    while lines and not lines[-1]:
        del lines[-1]
    while lines and not lines[0]:
        del lines[0]
    return lines
