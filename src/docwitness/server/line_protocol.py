"""Line protocol text into lines, in one pass: typed values, or for each bad line the reason.

A line that looks like an earlier one is taken by a regular expression made for its fields; every other line goes
through the strict grammar, which also says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from docwitness.server.grammar import Layout, Line, LineError, Series, parse_fields, parse_series, unescape_string
from docwitness.server.point import FieldType, FieldValue

MAX_SHAPES = 64
"""Expressions made for one text: making one costs as much as some hundred lines."""

_BLANK_OR_COMMENT = re.compile(r"(?:[ \t\n]++|#[^\n]*+)*+")
_SPLITTING = re.compile(r'\\.|[ =,"\n]', re.DOTALL)
_PLAIN_KEY = re.compile(r"[\w.:/-]+")
_TRUE = frozenset(("t", "T", "true", "True", "TRUE"))


class _Shape(NamedTuple):
    """A layout as an expression, from the space before the fields to the end of the line."""

    layout: Layout
    expression: re.Pattern[str]
    converters: tuple[Callable[[str], FieldValue], ...]


def parse_lines(text: str) -> Iterator[Line | LineError]:
    """The lines of a request in order; blank lines and comments are left out (and so they are not counted)."""
    parser = _Parser(text)
    position = 0
    while position < len(text):
        line, position = parser.known_line(position) or parser.new_line(position)
        if line is not None:
            yield line


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.series: dict[str, Series] = {}
        self.layouts: dict[Layout, Layout] = {}
        self.shapes: dict[str, _Shape] = {}
        """By table: the shape of its last line."""
        self.made = 0

    def known_line(self, position: int) -> tuple[Line | LineError, int] | None:
        """The line at `position` and where the next one starts, if its series and the shape of its fields came before."""
        space = _plain_series_end(self.text, position)
        series = self.series.get(self.text[position:space])
        shape = self.shapes.get(series.table) if series else None
        match = shape.expression.match(self.text, space) if shape else None
        if series is None or shape is None or match is None:
            return None
        *texts, time = match.groups()
        try:
            values = tuple([convert(value) for convert, value in zip(shape.converters, texts, strict=True)])
        except LineError as error:
            return error, match.end()
        return Line(series, shape.layout, values, None if time is None else int(time)), match.end()

    def new_line(self, position: int) -> tuple[Line | LineError | None, int]:
        """The same for any line, by the strict grammar; None where there are only blanks and comments."""
        if self.text.startswith("\n", position):
            return None, position + 1
        end = _line_end(self.text, position)
        line = self.text[position:end]
        blank = _BLANK_OR_COMMENT.match(line)
        start = blank.end() if blank else 0
        if start == len(line):
            return None, end + 1
        try:
            return self._strict(line[start:]), end + 1
        except LineError as error:
            return error, end + 1

    def _strict(self, line: str) -> Line:
        series, series_end = parse_series(line)
        layout, values, timestamp = parse_fields(line, series_end)
        if _plain_series_end(line, 0) == series_end:
            series = self.series.setdefault(line[:series_end], series)
        known = self.layouts.get(layout)
        if known is None:
            self.layouts[layout] = layout
        else:
            self._learn(series.table, known)
        return Line(series, known or layout, values, timestamp)

    def _learn(self, table: str, layout: Layout) -> None:
        """Only a layout that comes a second time is worth an expression."""
        shape = self.shapes.get(table)
        if (shape is None or shape.layout != layout) and self.made < MAX_SHAPES:
            self.made += 1
            shape = _shape(layout)
            if shape is not None:
                self.shapes[table] = shape


def _plain_series_end(text: str, position: int) -> int:
    """Where a series ends that has no backslash before the space behind it; -1 where there is no space."""
    space = text.find(" ", position)
    while space > 0 and text[space - 1] == "\\":
        space = text.find(" ", space + 1)
    return space


def _line_end(text: str, position: int) -> int:
    """The line feed that ends the line at `position`, or the end of the text.

    Line feeds that are escaped or inside a quoted value do not count, where a quotation mark opens a value only if more equals
    signs than commas came before it among the fields: influxdata/influxdb3_core `influxdb_line_protocol/src/lib.rs`, `split_lines`.
    """
    fields = quoted = False
    open_values = 0
    for match in _SPLITTING.finditer(text, position):
        mark = match[0]
        if mark == " ":
            fields = True
        elif mark == "\n":
            if not quoted:
                return match.start()
        elif not fields:
            continue
        elif mark == '"':
            quoted ^= open_values > 0
        elif not quoted and mark in "=,":
            open_values += 1 if mark == "=" else -1
    return len(text)


@lru_cache(maxsize=256)
def _shape(layout: Layout) -> _Shape | None:
    """None for keys that could mislead the search for the end of the line."""
    if not all(_PLAIN_KEY.fullmatch(key) for key in layout.keys):
        return None
    fields = ",".join(f"{re.escape(key)}={_VALUES[type_][0]}" for key, type_ in zip(*layout, strict=True))
    expression = re.compile(rf" +{fields}(?: +(-?[0-8]?[0-9]{{1,18}}+) *+)?+(?:\n|\Z)", re.DOTALL)
    return _Shape(layout, expression, tuple(_VALUES[type_][1] for type_ in layout.types))


_VALUES: dict[FieldType, tuple[str, Callable[[str], FieldValue]]] = {
    FieldType.FLOAT: (r"(-?[0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+)", float),
    FieldType.INT: (r"(-?[0-9]{1,18}+)i", int),
    FieldType.UINT: (r"([0-9]{1,19}+)u", int),
    FieldType.STRING: (r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"', unescape_string),
    FieldType.BOOL: (r"(true|True|TRUE|t|T|false|False|FALSE|f|F)", _TRUE.__contains__),
}
"""How each type is written, and made from its text. Numbers that may not fit are left to the strict grammar."""
