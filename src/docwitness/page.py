"""A documentation page as its dialect reads it: blocks, marked tables, and what is wrong with it before anything runs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from docwitness.directives import Directives
from docwitness.rule import Rule


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A line of a file; prints as `path:line`."""

    path: str
    """Relative to the project folder, with forward slashes."""
    line: int
    """1-based."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Visibility(StrEnum):
    """Whether a reader sees a block."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    """A hidden sample: a fence inside a docwitness comment, which runs only where `setup` asks for it."""
    COMMENTED = "commented"
    """A fence inside any other HTML comment: it never runs."""
    QUOTED = "quoted"
    """A fence shown inside another fence: it is text about Markdown, not a sample."""


def line_of(first: int, numbers: tuple[int, ...], offset: int) -> int:
    """The line that holds the one at `offset`, from 0, of a text: those in `numbers`, else as they follow the first one."""
    return numbers[min(offset, len(numbers) - 1)] if numbers else first + offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One fenced block, with the text that a reader copies from it."""

    location: Location
    """The line of its opening fence."""
    language: str
    """The language word as written; empty when there is none."""
    text: str
    """In canonical form (`docwitness.text.canonical`), snippets included, placeholders not filled."""
    directives: Directives
    """From its attributes and from the comment before it."""
    visibility: Visibility = Visibility.SHOWN
    source: Location | None = None
    """Where the text comes from, when that is an included file."""
    first_line: int = 0
    """The line of the page (or of `source`) that holds the first line of `text`."""
    numbers: tuple[int, ...] = ()
    """The line of the page (or of `source`) of each line of `text`, where they do not follow each other."""

    def line(self, offset: int) -> int:
        """The line that holds the one at `offset`, from 0, of `text`."""
        return line_of(self.first_line, self.numbers, offset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a marked table, as a reader sees it."""

    text: str
    """Plain text without markup; code spans keep their text."""
    codes: tuple[str, ...] = ()
    """The text of its code spans, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a marked table, or one item of a marked list (which has a single cell)."""

    location: Location
    cells: tuple[Cell, ...]
    written: int | None = None
    """How many cells its line has, where that is known: readers see as many as there are headings, empty ones for those that are
    missing, and nothing of those that are too many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table or list whose rows are claims, because a docwitness comment before it says so."""

    location: Location
    """The line of its heading row, or of its first item."""
    directives: Directives
    headings: tuple[str, ...]
    """Empty for a list."""
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """Something wrong with a page that shows without running anything."""

    location: Location
    rule: Rule
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One documentation file, read in one dialect."""

    path: str
    """Relative to the project folder."""
    dialect: str
    blocks: tuple[Block, ...]
    """In the order of the page, hidden, commented and quoted ones included."""
    tables: tuple[Table, ...] = ()
    defects: tuple[Defect, ...] = ()
