"""Line protocol text into lines, in one pass: typed values, or for each bad line the reason.

A line that looks like an earlier one is taken by a regular expression made for its fields; every other line goes
through the strict grammar, which also says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import call
from typing import NamedTuple

from docwitness.server.grammar import LineError, Tags, parse_fields, parse_series, unescape_string
from docwitness.server.point import FieldType, FieldValue

MAX_SHAPES = 64
"""Expressions made for one text: making one costs as much as some hundred lines."""
MAX_LAYOUTS = 4096
"""That are remembered; with more of them, a text has no likeness that would pay for the memory."""
MAX_SERIES_CHARACTERS = 4096
MAX_ESCAPED_SPACES = 32
"""Longer series, or with more of them, go through the strict grammar."""

_NO_LINES = re.compile(r'(?:[ \t]*+(?:#[^"\\\n]*+)?+\n)++')
"""Blank lines, and comments that no quotation mark or backslash can make longer than they look."""
_BLANK_OR_COMMENT = re.compile(r"(?:[ \t\n]++|#[^\n]*+)*+")
_SPLITTING = re.compile(r'\\.|[ =,"\n]', re.DOTALL)
_PLAIN_KEY = re.compile(r"[\w.:/-]+")
_TRUE = frozenset(("t", "T", "true", "True", "TRUE"))


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """What a line says before its fields. Lines of a text that say it in the same words share the object."""

    table: str
    tags: Tags


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The keys of a line's fields and the types of their values, as written. Equal lines of a text mostly share the object."""

    keys: tuple[str, ...]
    types: tuple[FieldType, ...]


class Line(NamedTuple):
    """One line that keeps the grammar."""

    series: Series
    layout: Layout
    values: tuple[FieldValue, ...]
    """One for each key of the layout."""
    timestamp: int | None
    """As written, in the unit of the request."""


class _Shape(NamedTuple):
    """A layout as an expression, from the space before the fields to the end of the line."""

    layout: Layout
    expression: re.Pattern[str]
    converters: tuple[Callable[[str], FieldValue], ...]


def parse_lines(text: str, *, shapes: int = MAX_SHAPES) -> Iterator[Line | LineError]:
    """The lines of a request in order; blank lines and comments are left out (and so they are not counted).

    With `shapes=0` every line goes through the strict grammar, which says the same more slowly.
    """
    parser = _Parser(text, shapes)
    position = 0
    while position < len(text):
        line, position = parser.likely_line(position) or parser.any_line(position)
        if line is not None:
            yield line


class _Parser:
    def __init__(self, text: str, shapes: int) -> None:
        self.text = text
        self.series: dict[str, Series] = {}
        """By the words of the text."""
        self.layouts: dict[tuple[tuple[str, ...], tuple[FieldType, ...]], Layout] = {}
        self.shapes: dict[str, _Shape] = {}
        """By table: the shape of its last lines."""
        self.shapes_left = shapes

    def likely_line(self, position: int) -> tuple[Line | LineError, int] | None:
        """The line at `position` and where the next one starts, if it has the shape of the last ones of its table."""
        space = _series_end(self.text, position)
        series = self._known_series(self.text[position:space])
        shape = self.shapes.get(series.table) if series else None
        match = shape.expression.match(self.text, space) if shape else None
        if series is None or shape is None or match is None:
            return None
        *texts, time = match.groups()
        try:
            values = tuple(map(call, shape.converters, texts))
        except LineError as error:
            return error, match.end()
        return Line(series, shape.layout, values, None if time is None else int(time)), match.end()

    def any_line(self, position: int) -> tuple[Line | LineError | None, int]:
        """The same for any line, by the strict grammar; None where there are only blanks and comments."""
        if empty := _NO_LINES.match(self.text, position):
            return None, empty.end()
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

    def _known_series(self, words: str) -> Series | None:
        """The series that the words are, if they are one and nothing else; a comment may look like one, whose table no line has."""
        series = self.series.get(words)
        if series is None and words:
            try:
                table, tags, end = parse_series(words)
            except LineError:  # The strict grammar meets it again, in the whole line, and reports it.
                return None
            if end == len(words):
                series = self.series[words] = Series(table, tags)
        return series

    def _strict(self, line: str) -> Line:
        end = _series_end(line, 0)
        series = self._known_series(line[:end])
        if series is None:
            table, tags, end = parse_series(line)
            series = Series(table, tags)
        keys, types, values, timestamp = parse_fields(line, end)
        layout = self.layouts.get((keys, types))
        if layout is None:
            if len(self.layouts) == MAX_LAYOUTS:
                self.layouts.clear()
            layout = self.layouts[keys, types] = Layout(keys, types)
        else:
            self._learn(series.table, layout)
        return Line(series, layout, values, timestamp)

    def _learn(self, table: str, layout: Layout) -> None:
        """Only a layout that comes a second time is worth an expression."""
        last = self.shapes.get(table)
        if self.shapes_left and (last is None or last.layout is not layout) and all(map(_PLAIN_KEY.fullmatch, layout.keys)):
            self.shapes_left -= 1
            self.shapes[table] = _Shape(layout, *_expression(layout.keys, layout.types))


def _series_end(text: str, position: int) -> int:
    """The first space without a backslash before it: there ends every valid series, since none ends with a backslash.

    The position itself where that space is far or hard to find: looking stays cheap for any text, and the strict grammar does it.
    """
    limit = position + MAX_SERIES_CHARACTERS
    space = text.find(" ", position, limit)
    for _ in range(MAX_ESCAPED_SPACES):
        if space <= 0 or text[space - 1] != "\\":
            break
        space = text.find(" ", space + 1, limit)
    else:
        return position
    return max(space, position)


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
def _expression(
    keys: tuple[str, ...], types: tuple[FieldType, ...]
) -> tuple[re.Pattern[str], tuple[Callable[[str], FieldValue], ...]]:
    """For keys that cannot mislead the search for the end of a line, as `_PLAIN_KEY` says."""
    fields = ",".join(f"{re.escape(key)}={_VALUES[type_][0]}" for key, type_ in zip(keys, types, strict=True))
    expression = re.compile(rf" ++{fields}(?: ++(-?[0-8]?[0-9]{{1,18}}+) *+)?+(?:\n|\Z)", re.DOTALL)
    return expression, tuple(_VALUES[type_][1] for type_ in types)


_VALUES: dict[FieldType, tuple[str, Callable[[str], FieldValue]]] = {
    FieldType.FLOAT: (r"(-?[0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+)", float),
    FieldType.INT: (r"(-?[0-9]{1,18}+)i", int),
    FieldType.UINT: (r"([0-9]{1,19}+)u", int),
    FieldType.STRING: (r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"', unescape_string),
    FieldType.BOOL: (r"(true|True|TRUE|t|T|false|False|FALSE|f|F)", _TRUE.__contains__),
}
"""How each type is written, and made from its text. Numbers that may not fit are left to the strict grammar."""
