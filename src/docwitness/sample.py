"""A sample: a block that readers copy and docwitness runs, with what its page says about the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from docwitness.directives import Directives
from docwitness.page import Location, line_of


class Language(StrEnum):
    """The languages that have a runner of ours; the value is the runner's name."""

    SHELL = "shell"
    PYTHON = "python"
    NODE = "node"
    TELEGRAF = "telegraf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A block after a sample that says what came of it: its response, its output, or what is stored."""

    location: Location
    text: str
    """Canonical, placeholders not filled."""
    first_line: int
    numbers: tuple[int, ...] = ()
    """The line of the page (or of its source) of each line of `text`, where they do not follow each other."""

    def line(self, offset: int) -> int:
        """The line that holds the one at `offset`, from 0, of `text`."""
        return line_of(self.first_line, self.numbers, offset)

    def rewritten(self, rewrite: Callable[[str], str]) -> Expected:
        """The block with another text."""
        return replace(self, text=rewrite(self.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFile:
    """A block that is put into the working folder under a name."""

    name: str
    text: str
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One runnable block."""

    id: str
    """Unique over the project; `PAGE#N` when the page gives none."""
    location: Location
    language: str
    """The name of its runner."""
    text: str
    """Canonical, placeholders not filled."""
    hash: str
    """SHA-256 of `text`, hexadecimal."""
    first_line: int
    """The line of `location.path` (or of `source.path`) that holds the first line of `text`."""
    console: bool = False
    """A transcript: lines after a prompt are commands, the others are their output."""
    hidden: bool = False
    directives: Directives = field(default_factory=Directives)
    source: Location | None = None
    response: Expected | None = None
    output: Expected | None = None
    stored: Expected | None = None
    files: tuple[NamedFile, ...] = ()
    """Files of its page."""
    names_target: bool = False
    """Whether a placeholder for the target's address stands in it."""
    numbers: tuple[int, ...] = ()
    """The line of the page (or of `source`) of each line of `text`, where they do not follow each other."""

    def line(self, offset: int) -> int:
        """The line that holds the one at `offset`, from 0, of `text`."""
        return line_of(self.first_line, self.numbers, offset)

    @property
    def texts(self) -> Iterator[str]:
        """All that placeholders are filled in: its own text, its files, and the blocks that say what comes of it."""
        yield self.text
        yield from (file.text for file in self.files)
        yield from (block.text for block in (self.response, self.output, self.stored) if block is not None)

    def rewritten(self, rewrite: Callable[[str], str]) -> Sample:
        """The sample with other `texts`; its hash stays that of its page."""
        return replace(
            self,
            text=rewrite(self.text),
            files=tuple(replace(file, text=rewrite(file.text)) for file in self.files),
            response=None if self.response is None else self.response.rewritten(rewrite),
            output=None if self.output is None else self.output.rewritten(rewrite),
            stored=None if self.stored is None else self.stored.rewritten(rewrite),
        )
