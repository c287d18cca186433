"""The dialect of plain CommonMark pages with tables, as forges show them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from html import unescape
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from docwitness.dialects import fences
from docwitness.dialects.attributes import broken_comment, is_directive_comment
from docwitness.dialects.cells import written
from docwitness.dialects.outline import Break, Fenced, Grid, Item, Remark, assemble, unfenced
from docwitness.page import Cell, Defect, Location, Page, Row
from docwitness.rule import Rule
from docwitness.text import unix_lines

_COMMENT = re.compile(r"<!--(?!-?>)(.*?)(-->|\Z)", re.DOTALL)
_VERBATIM = re.compile(r"\s*<(?:pre|script|style|textarea)\b", re.IGNORECASE)
"""What an HTML block begins with whose text no Markdown is expected in."""
_PREFORMATTED = re.compile(r"\s*<pre\b[^>]*>\s*(?:<code\b[^>]*>)?([^<]*)", re.IGNORECASE)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TRANSPARENT = frozenset(
    {"paragraph_open", "paragraph_close", "list_item_close", "bullet_list_close", "ordered_list_close", "blockquote_close"}
)


class CommonMark:
    """Reads pages with markdown-it-py."""

    name = "commonmark"

    def __init__(self, root: Path) -> None:
        """`root` is the project folder; nothing but the page itself is read."""
        self._root = root

    @cached_property
    def _parser(self) -> MarkdownIt:
        return MarkdownIt("commonmark").enable("table")

    def read(self, path: str, text: str) -> Page:
        """The page as CommonMark renders it."""
        text = "\n".join(unix_lines(text.removeprefix("\ufeff")))
        front = _FRONT_MATTER.match(text)
        body = "\n" * front[0].count("\n") + text[front.end() :] if front else text
        reading = _Reading(path, body.split("\n"), self._parser.parse(body))
        items = list(reading.items())
        return assemble(path, self.name, items, reading.defects)


class _Reading:
    """One page, token by token."""

    def __init__(self, path: str, lines: Sequence[str], tokens: Sequence[Token]) -> None:
        self._path = path
        self._lines = lines
        self._tokens = tokens
        self.defects: list[Defect] = []

    def items(self) -> Iterator[Item]:
        """What readers see, and the comments between, in order."""
        at = 0
        directives = False
        while at < len(self._tokens):
            token = self._tokens[at]
            if token.type == "fence":
                yield self._fenced(token)
            elif token.type == "html_block":
                yield from self._html(token)
            elif token.type == "code_block":
                yield from unfenced(token.content, self._place((token.map or [0])[0]))
                yield from self._as_text(token)
            elif token.type == "table_open" or (directives and token.type in ("bullet_list_open", "ordered_list_open")):
                end = self._end(at)
                yield self._grid(self._tokens[at : end + 1])
                yield from (self._fenced(inner) for inner in self._tokens[at:end] if inner.type == "fence")
                at = end
            elif token.type == "inline":
                yield from self._inline(token)
            elif token.type not in _TRANSPARENT:
                yield Break()
            directives = token.type == "html_block" and is_directive_comment(_inside(token.content))
            at += 1

    def _end(self, at: int) -> int:
        """The token that closes the one at `at`."""
        opening = self._tokens[at]
        closing = opening.type.replace("_open", "_close")
        return next(
            n for n in range(at, len(self._tokens)) if self._tokens[n].type == closing and self._tokens[n].level == opening.level
        )

    def _place(self, position: int) -> Location:
        return Location(self._path, position + 1)

    def _defect(self, position: int, rule: Rule, message: str, hint: str) -> None:
        self.defects.append(Defect(location=self._place(position), rule=rule, message=message, hint=hint))

    def _fenced(self, token: Token) -> Fenced:
        start, end = token.map or [0, 1]
        last = self._lines[end - 1].strip(" \t>")
        if end - 1 == start or not re.fullmatch(rf"{re.escape(token.markup)}{token.markup[0]}*", last):
            message = f"the fence '{token.markup}{token.info.strip()}' is never closed: what follows it is read as code"
            self._defect(start, Rule.BROKEN_FENCE, message, f"Close it with '{token.markup}'.")
        elif opened := fences.opened_inside(token.content.split("\n"), token.markup):
            message = f"the block that begins with '{token.markup}{token.info.strip()}' holds '{opened}', which begins another one"
            hint = "Its mark, or one above it, is broken. A block that shows fences has a longer mark."
            self._defect(start, Rule.BROKEN_FENCE, message, hint)
        return Fenced(location=self._place(start), info=token.info, text=token.content, first_line=start + 2)

    def _as_text(self, token: Token) -> Iterator[Item]:
        """Fences that an indented block of code shows; a comment of ours in it was meant otherwise."""
        start, lines = (token.map or [0, 1])[0], token.content.split("\n")
        yield from (self._inner(lines, fence, start, shown=False) for fence in fences.scan(lines) if fence.end is not None)
        for offset, line in enumerate(lines):
            found = re.match(r"\s*<!--(.*)", line)
            if found and is_directive_comment(found[1]):
                message = "this comment is indented so far that readers see it as code"
                self._defect(start + offset, Rule.MISPLACED_DIRECTIVE, message, "Do not indent it more than the text around it.")

    def _html(self, token: Token) -> Iterator[Item]:
        """Comments of an HTML block, and a break for whatever else it holds."""
        content, start = token.content, (token.map or [0, 1])[0]
        at = 0
        for found in _COMMENT.finditer(content):
            if content[at : found.start()].strip():
                yield from self._raw(content[at : found.start()], start + content.count("\n", 0, at))
            yield self._remark(content, found, start)
            at = found.end()
        if content[at:].strip():
            yield from self._raw(content[at:], start + content.count("\n", 0, at))

    def _raw(self, html: str, start: int) -> Iterator[Item]:
        """HTML that is no comment: CommonMark finds no fences in it before a blank line."""
        yield Break()
        lines = html.split("\n")
        if preformatted := _PREFORMATTED.match(html):
            yield from unfenced(unescape(preformatted[1]), self._place(start))
        for fence in fences.scan(lines):
            if _VERBATIM.match(html):
                yield self._inner(lines, fence, start, shown=False)
            else:
                message = f"the fence '{fence.mark}{fence.info}' stands in HTML, so readers see it as running text"
                self._defect(
                    start + fence.start, Rule.BROKEN_FENCE, message, "Put a blank line between the HTML tag and the fence."
                )

    def _inner(self, lines: Sequence[str], fence: fences.Fence, start: int, *, shown: bool = True) -> Fenced:
        """A fence in a part of the page that begins at `start`."""
        text = "\n".join(fence.content(lines))
        first = start + fence.start
        return Fenced(location=self._place(first), info=fence.info, text=text, first_line=first + 2, shown=shown)

    def _remark(self, content: str, found: re.Match[str], start: int) -> Remark:
        position = start + content.count("\n", 0, found.start())
        if not found[2] and is_directive_comment(found[1]):
            self._defect(position, Rule.MISPLACED_DIRECTIVE, "this comment is never closed", "Close it with '-->'.")
        lines = found[1].split("\n")
        inside = [fence for fence in fences.scan(lines) if fence.end is not None]
        words = "\n".join(lines[: inside[0].start] if inside else lines)
        before = content[: found.start()].rpartition("\n")[2]
        after = content[found.end() :].partition("\n")[0]
        return Remark(
            location=self._place(position),
            text=words if found[2] else "",
            fences=tuple(self._inner(lines, fence, position) for fence in inside),
            alone=not (before + after).strip(" \t>"),
        )

    def _inline(self, token: Token) -> Iterator[Item]:
        """Comments that stand in running text, and a break for the text."""
        start = (token.map or [0, 1])[0]
        found = (broken_comment(line, self._place(start + offset)) for offset, line in enumerate(token.content.split("\n")))
        self.defects += filter(None, found)
        for child in token.children or ():
            comment = _COMMENT.fullmatch(child.content) if child.type == "html_inline" else None
            if comment is None:
                continue
            position = next((n for n in range(start, len(self._lines)) if child.content.split("\n")[0] in self._lines[n]), start)
            yield Remark(location=self._place(position), text=comment[1], alone=False)
        yield Break()

    def _grid(self, tokens: Sequence[Token]) -> Grid:
        """A table or a list; its own rows and items only, not those inside them."""
        level = tokens[0].level
        headings: tuple[str, ...] = ()
        rows: list[Row] = []
        cells: list[Cell] = []
        place = self._place((tokens[0].map or [0, 1])[0])
        for number, token in enumerate(tokens):
            if token.type in ("th_open", "td_open"):
                cells.append(_cell(tokens[number + 1 : number + 2]))
            elif token.type == "tr_open":
                cells, place = [], self._place((token.map or [0, 1])[0])
            elif token.type == "tr_close" and tokens[number - 1].type == "th_close":
                headings = tuple(cell.text for cell in cells)
            elif token.type == "tr_close":
                rows.append(Row(location=place, cells=tuple(cells)))
            elif token.type == "list_item_open" and token.level == level + 1:
                end = next(
                    n for n in range(number, len(tokens)) if tokens[n].type == "list_item_close" and tokens[n].level == token.level
                )
                rows.append(Row(location=self._place((token.map or [0, 1])[0]), cells=(_cell(tokens[number:end]),)))
        start = self._place((tokens[0].map or [0, 1])[0])
        if headings:
            lines = [self._lines[location.line - 1] for location in (start, *(row.location for row in rows))]
            counts = written(lines, len(headings), code_holds_pipes=False)
            rows = [replace(row, written=count) for row, count in zip(rows, counts, strict=True)]
        return Grid(location=start, headings=headings, rows=tuple(rows))


def _inside(content: str) -> str:
    found = _COMMENT.match(content.strip())
    return found[1] if found else ""


def _cell(tokens: Sequence[Token]) -> Cell:
    children = [child for token in tokens if token.type == "inline" for child in token.children or ()]
    codes = tuple(child.content for child in children if child.type == "code_inline")
    text = " ".join("".join(_text(child) for child in (token.children or ())) for token in tokens if token.type == "inline")
    return Cell(text=" ".join(text.split()), codes=codes)


def _text(token: Token) -> str:
    if token.type in ("text", "code_inline", "image"):
        return token.content
    return " " if token.type in ("softbreak", "hardbreak", "html_inline") else ""
