"""Finds fenced blocks line by line, by the rules that pymdownx.superfences applies before any other Markdown is parsed.

The rules are those of `SuperFencesBlockPreprocessor` in facelessuser/pymdown-extensions, `pymdownx/superfences.py`: a fence
stands behind blanks, tabs and `>` marks; its content keeps that indent; a line that does not ends the search for its end.
What makes a header valid is left to superfences itself, so that every line that looks like an opening fence is found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

TAB = 4

_OPENING = re.compile(r"(?P<prefix>[> \t]*)(?P<mark>~{3,}|`{3,})(?P<info>.*)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """An opening fence. Positions count lines from 0."""

    start: int
    prefix: str
    """What stands before the mark, tabs expanded."""
    mark: str
    info: str
    end: int | None = None
    """The closing fence; None when there is none."""
    broken_off: int | None = None
    """The line whose indent ended the search for the closing fence; None with `end` None: the text ended."""

    def after(self, length: int) -> int:
        """The first line that is not part of it any more, in a text of `length` lines."""
        if self.end is not None:
            return self.end + 1
        return length if self.broken_off is None else self.broken_off

    def content(self, lines: Sequence[str]) -> list[str]:
        """The lines between, without the prefix."""
        width = len(self.prefix)
        return [_split(line, width)[1] for line in lines[self.start + 1 : self.end]]


def opened_inside(content: Sequence[str], mark: str) -> str | None:
    """A line of a block that opens a fence with the mark of the block: one of the two is broken, or the mark above the block is."""
    opening = re.compile(rf"[> \t]*{mark}{mark[0]}*[ \t]*[\w.{{][^`]*\Z")
    return next((line.strip() for line in content if opening.match(line)), None)


def scan(lines: Sequence[str]) -> tuple[Fence, ...]:
    """All opening fences of a text that do not stand inside another one."""
    fences = []
    at = 0
    while at < len(lines):
        found = _opening(lines[at])
        if found is None:
            at += 1
            continue
        prefix = found["prefix"].expandtabs(TAB)
        end, broken_off = _closing(lines, at + 1, prefix, found["mark"])
        info = found["info"].strip()
        fences.append(Fence(start=at, prefix=prefix, mark=found["mark"], info=info, end=end, broken_off=broken_off))
        # superfences does not look at the line again that broke a fence off
        at = len(lines) if end is None and broken_off is None else (end if end is not None else broken_off or 0) + 1
    return tuple(fences)


def _opening(line: str) -> re.Match[str] | None:
    found = _OPENING.match(line.rstrip("\r"))
    if found is None or (found["mark"].startswith("`") and "`" in found["info"]):
        return None
    return found


def _closing(lines: Sequence[str], at: int, prefix: str, mark: str) -> tuple[int | None, int | None]:
    """Where the fence ends, or where it breaks off."""
    ending = re.compile(rf"{mark}[ \t\r]*\Z")
    quotes, width, blank = prefix.count(">"), len(prefix), False
    for number in range(at, len(lines)):
        before, content = _split(lines[number], width)
        level = before.count(">")
        if quotes and level > quotes:
            return None, number
        if not content.strip() and (quotes or not before.strip()):
            blank = True
            continue
        if (quotes and blank and level < quotes) or len(before) < width or (not quotes and level):
            return None, number
        if ending.match(content):
            return number, None
        blank = False
    return None, None


def _split(line: str, width: int) -> tuple[str, str]:
    """The prefix of a line, tabs expanded and at most `width` columns, and what follows."""
    prefix = ""
    for index, character in enumerate(line):
        if len(prefix) >= width or character not in "> \t":
            return prefix, line[index:]
        prefix += " " * (TAB - len(prefix) % TAB) if character == "\t" else character
    return prefix, ""
