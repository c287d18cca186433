"""From what a dialect finds on a page, in order, to the page: directives reach their blocks here, alike for every dialect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from docwitness.dialects import fences
from docwitness.dialects.attributes import (
    Word,
    interpret,
    is_directive_comment,
    misspelt_comment,
    read_comment,
    read_header,
)
from docwitness.directives import TABLE_ROLES, Directives
from docwitness.page import Block, Defect, Location, Page, Row, Table, Visibility, line_of
from docwitness.rule import Rule
from docwitness.text import trimmed, unix_lines

_PROSE = frozenset({"", "md", "markdown", "mdx", "text", "txt"})
"""Languages whose blocks may show fences."""
_LOOKS_RUNNABLE = re.compile(
    r"\s*(?:\$ |#!|:::[ \t]*(?:\w*sh|console|python|py|js|javascript|node|toml)\b|(?:curl|wget|node|npm|python3?|telegraf) [^\n]*"
    r"|import [\w.]+\s|from [\w.]+ import |(?:const|let) \w+ = |\[\[(?:in|out)puts\.)"
)
"""A prompt, a language in the way of `codehilite`, or the first words of a command or a program."""
_CONTINUED = frozenset({"sh", "bash", "shell", "console", "zsh", "python", "py"})
_BROKEN_CONTINUATION = re.compile(r"\\[ \t]+(?:(?:#|//)[ \t]*\(\d+\)!?[ \t]*)?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fenced:
    """A fence that comes out as code, or stands in a comment."""

    location: Location
    info: str
    """What stands behind its mark."""
    text: str
    """As the page has it, dedented."""
    first_line: int
    """The line of the page that holds the first line of `text`."""
    source: Location | None = None
    """The file and the line that hold the first line of `text`, when all of it is included from there."""
    numbers: tuple[int, ...] = ()
    """The line of the page (or of `source`) of each line of `text`, where they do not follow each other."""
    language: str | None = None
    """As the dialect read it from `info`; None leaves that to the outline."""
    shown: bool = True
    """False when it stands in an indented code block: readers see the fence itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """An HTML comment."""

    location: Location
    text: str
    """Between `<!--` and `-->`, up to the first fence in it."""
    fences: tuple[Fenced, ...] = ()
    alone: bool = True
    """Whether nothing else stands on its lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table or a list."""

    location: Location
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """Anything else that readers see: a comment before it does not reach what follows it."""


Item = Fenced | Remark | Grid | Break


def unfenced(text: str, location: Location) -> Iterator[Item]:
    """Code that readers see and that is not a fence. Where it looks as if it were to run, that it does not is told."""
    yield Break()
    if _LOOKS_RUNNABLE.match(text):
        yield Fenced(location=location, info="", text=text.strip("\n"), first_line=location.line)


def assemble(path: str, dialect: str, items: Iterable[Item], defects: Sequence[Defect] = ()) -> Page:
    """The page that the items make. `defects` are what the dialect itself found."""
    builder = _Builder(defects=list(defects))
    for item in items:
        builder.add(item)
    builder.add(Break())
    found = sorted(builder.defects, key=lambda defect: defect.location.line)
    blocks = sorted(builder.blocks, key=lambda block: block.location.line)
    return Page(path=path, dialect=dialect, blocks=tuple(blocks), tables=tuple(builder.tables), defects=tuple(found))


@dataclass(slots=True)
class _Builder:
    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    pending: list[Word] = field(default_factory=list)
    comment: Location | None = None
    """The comment whose directives wait for their block."""

    def add(self, item: Item) -> None:
        match item:
            case Remark():
                self._remark(item)
            case Fenced():
                self._fenced(item)
            case Grid():
                self._grid(item)
            case Break():
                self._drop_pending()

    def _remark(self, remark: Remark) -> None:
        if not is_directive_comment(remark.text):
            if defect := misspelt_comment(remark.text, remark.location):
                self.defects.append(defect)
            self.blocks += [_block(fenced, Directives(), Visibility.COMMENTED) for fenced in remark.fences]
            return
        words, defects = read_comment(remark.text, remark.location)
        self.defects += defects
        if not remark.alone:
            self._defect(remark.location, Rule.MISPLACED_DIRECTIVE, "a docwitness comment stands on lines of its own")
        if not words and not defects:
            self._defect(remark.location, Rule.BAD_DIRECTIVE, "this comment holds no directive")
        if remark.fences:
            self._drop_pending()
            self._hidden(remark.fences, words)
        elif words and remark.alone:
            self.pending += words
            self.comment = self.comment or remark.location

    def _hidden(self, fenced: tuple[Fenced, ...], words: tuple[Word, ...]) -> None:
        directives, defects = interpret(words, table=False)
        self.defects += defects
        self._check_continuations(fenced[0])
        self.blocks.append(_block(fenced[0], directives, Visibility.HIDDEN))
        for other in fenced[1:]:
            self._defect(
                other.location, Rule.MISPLACED_DIRECTIVE, "one comment hides one fence: give this one a comment of its own"
            )
            self.blocks.append(_block(other, Directives(), Visibility.COMMENTED))

    def _fenced(self, fenced: Fenced) -> None:
        header = read_header(fenced.info, fenced.location)
        directives, defects = interpret([*self.pending, *header.words], table=False)
        self.pending, self.comment = [], None
        if not fenced.shown:
            self.blocks.append(_block(fenced, Directives(), Visibility.QUOTED))
            return
        self.defects += (*header.defects, *defects)
        block = _block(fenced, directives, Visibility.SHOWN)
        self.blocks.append(block)
        self._check_continuations(fenced)
        if block.language.casefold() in _PROSE:
            self.blocks += _quoted(fenced)

    def _grid(self, grid: Grid) -> None:
        if self.comment is None:
            return
        directives, defects = interpret(self.pending, table=True)
        self.pending, self.comment = [], None
        self.defects += defects
        if directives.role in TABLE_ROLES:
            self.tables.append(Table(location=grid.location, directives=directives, headings=grid.headings, rows=grid.rows))

    def _drop_pending(self) -> None:
        if self.comment is None:
            return
        message = "no block, table or list follows this comment directly"
        hint = "Put it right before the fence, the table or the list, with a blank line between where that is indented or a table."
        self.defects.append(Defect(location=self.comment, rule=Rule.MISPLACED_DIRECTIVE, message=message, hint=hint))
        self.pending, self.comment = [], None

    def _check_continuations(self, fenced: Fenced) -> None:
        if _language(fenced).casefold() not in _CONTINUED:
            return
        for offset, line in enumerate(unix_lines(fenced.text)):
            if _BROKEN_CONTINUATION.search(line):
                message = "blanks stay behind this backslash when readers copy the sample: the command breaks here"
                hint = "Nothing may follow the backslash, no annotation mark either: put the mark on the last line."
                place = _place(fenced, offset)
                self.defects.append(Defect(location=place, rule=Rule.BROKEN_CONTINUATION, message=message, hint=hint))

    def _defect(self, location: Location, rule: Rule, message: str) -> None:
        self.defects.append(Defect(location=location, rule=rule, message=message))


def _language(fenced: Fenced) -> str:
    return fenced.language if fenced.language is not None else read_header(fenced.info, fenced.location).language


def _place(fenced: Fenced, offset: int) -> Location:
    if fenced.source is not None:
        return Location(fenced.source.path, line_of(fenced.source.line, fenced.numbers, offset))
    return Location(fenced.location.path, line_of(fenced.first_line, fenced.numbers, offset))


def _block(fenced: Fenced, directives: Directives, visibility: Visibility) -> Block:
    text, dropped = trimmed(fenced.text)
    start = _place(fenced, dropped)
    return Block(
        location=fenced.location,
        language=_language(fenced),
        text=text,
        directives=directives,
        visibility=visibility,
        source=start if fenced.source else None,
        first_line=start.line,
        numbers=fenced.numbers[dropped : dropped + text.count("\n") + 1],
    )


def _quoted(outer: Fenced) -> list[Block]:
    """Fences that the text of a block shows."""
    lines = unix_lines(outer.text)
    return [
        _block(
            Fenced(
                location=Location(
                    outer.location.path, outer.first_line + fence.start if outer.source is None else outer.location.line
                ),
                info=fence.info,
                text="\n".join(fence.content(lines)),
                first_line=outer.first_line + fence.start + 1,
            ),
            Directives(),
            Visibility.QUOTED,
        )
        for fence in fences.scan(lines)
        if fence.end is not None
    ]
