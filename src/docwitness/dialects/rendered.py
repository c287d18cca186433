"""Walks the HTML of a converted page: which fences readers see, which stand in comments, and what follows each comment."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from docwitness.dialects.attributes import is_directive_comment
from docwitness.dialects.marks import ANY_MARK
from docwitness.page import Cell

MARK = re.compile(r"<pre data-docwitness=\"(\d+)\"></pre>")


@dataclass(frozen=True, slots=True)
class Shown:
    """The place of a fence that was handed over."""

    number: int


@dataclass(frozen=True, slots=True)
class Comment:
    """An HTML comment, with the marks of the fences in it."""

    text: str


@dataclass(frozen=True, slots=True)
class Cells:
    """A table or a list."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Other:
    """Anything else that readers see."""


Piece = Shown | Comment | Cells | Other


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What a page shows."""

    pieces: tuple[Piece, ...]
    """In order."""
    code: str
    """All text in code spans."""
    preformatted: tuple[str, ...]
    """The texts of blocks of code that were not handed over."""


def walk(html: str) -> Rendered:
    """Walks the HTML of a page that was converted with its marks."""
    walker = _Walker()
    walker.feed(html)
    walker.close()
    return Rendered(pieces=tuple(walker.pieces), code="".join(walker.code), preformatted=tuple(walker.preformatted))


@dataclass(slots=True)
class _Capture:
    """A table or list being read."""

    tag: str
    depth: int = 1
    headings: tuple[str, ...] = ()
    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    row: list[Cell] = field(default_factory=list)
    heading: bool = False
    text: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    later: list[Piece] = field(default_factory=list)


class _Walker(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self.code: list[str] = []
        self.preformatted: list[str] = []
        self._in_code = 0
        self._in_pre = 0
        self._capture: _Capture | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        number = dict(attrs).get("data-docwitness") if tag == "pre" else None
        if number is not None:
            self._in_pre += 1
            self._add(Shown(int(number)))
            return
        if tag == "pre" and not self._in_pre:
            self.preformatted.append("")
        self._in_pre += tag == "pre"
        self._in_code += tag == "code"
        if self._capture is not None and tag == "code":
            self._capture.codes.append("")
        if self._capture is not None:
            self._open_in(self._capture, tag)
        elif tag in ("table", "ul", "ol") and self._after_directives():
            self._capture = _Capture(tag)
        elif tag != "p":
            self._add(Other())

    def handle_endtag(self, tag: str) -> None:
        self._in_pre -= tag == "pre" and self._in_pre > 0
        self._in_code -= tag == "code" and self._in_code > 0
        if self._capture is not None:
            self._close_in(self._capture, tag)

    def handle_data(self, data: str) -> None:
        if self._in_pre:
            self.preformatted[-1] += data
        elif self._in_code:
            self.code.append(data)
        if self._capture is not None:
            self._capture.text.append(data)
            if self._in_code and self._capture.codes:
                self._capture.codes[-1] += data
        elif data.strip():
            self._add(Other())

    def handle_comment(self, data: str) -> None:
        self._add(Comment(data))

    def close(self) -> None:
        super().close()
        if self._capture is not None:
            self._finish(self._capture)

    def _add(self, piece: Piece) -> None:
        if self._capture is not None:
            self._capture.later.append(piece)
        elif not (isinstance(piece, Other) and self.pieces and isinstance(self.pieces[-1], Other)):
            self.pieces.append(piece)

    def _after_directives(self) -> bool:
        last = self.pieces[-1] if self.pieces else None
        return isinstance(last, Comment) and is_directive_comment(ANY_MARK.sub("", last.text)) and not MARK.search(last.text)

    def _open_in(self, capture: _Capture, tag: str) -> None:
        if tag in ("ul", "ol", "table"):
            capture.depth += 1
        elif capture.depth == 1 and tag in ("th", "td", "li"):
            capture.text, capture.codes, capture.heading = [], [], tag == "th"
        elif capture.depth == 1 and tag == "tr":
            capture.row = []

    def _close_in(self, capture: _Capture, tag: str) -> None:
        if tag in ("ul", "ol", "table"):
            capture.depth -= 1
            if capture.depth == 0:
                self._finish(capture)
        elif capture.depth == 1 and tag in ("th", "td"):
            capture.row.append(self._cell(capture))
        elif capture.depth == 1 and tag == "li":
            capture.rows.append((self._cell(capture),))
        elif capture.depth == 1 and tag == "tr":
            if capture.heading and not capture.rows:
                capture.headings = tuple(cell.text for cell in capture.row)
            else:
                capture.rows.append(tuple(capture.row))

    def _cell(self, capture: _Capture) -> Cell:
        text = ANY_MARK.sub("", "".join(capture.text))
        return Cell(text=" ".join(text.split()), codes=tuple(ANY_MARK.sub("", code) for code in capture.codes))

    def _finish(self, capture: _Capture) -> None:
        self._capture = None
        self.pieces.append(Cells(capture.headings, tuple(capture.rows)))
        self.pieces += capture.later
