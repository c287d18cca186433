"""The strict grammar of one line of line protocol, and the exact reason why a text is not one.

Rules and texts follow influxdata/influxdb3_core `influxdb_line_protocol/src/lib.rs`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from docwitness.server.point import FieldType, FieldValue

MAX_STRING_BYTES = 65_536
"""Of a measurement, a tag key or value, a field key and a string field, after unescaping."""
INT_MIN, INT_MAX = -(1 << 63), (1 << 63) - 1
UINT_MAX = (1 << 64) - 1

_MEASUREMENT = re.compile(r"(?:[^ \t\n\0,\\]++|\\.|\\\Z)++", re.DOTALL)
_KEY = re.compile(r"(?:[^ \t\n=\\]++|\\.|\\\Z)++", re.DOTALL)
_TAG_VALUE = re.compile(r"(?:[^ \t\n,\\]++|\\.|\\\Z)++", re.DOTALL)
_MEASUREMENT_ESCAPE = re.compile(r"\\([, \\])")
_ESCAPE = re.compile(r"\\([, =\\])")
_STRING = re.compile(r'"((?:[^"\\]++|\\.)*+)"', re.DOTALL)
_STRING_ESCAPE = re.compile(r'\\(["\\])')
_WHOLE = re.compile(r"(-?[0-9]+)i|([0-9]+)u")
_FLOAT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_BOOL = re.compile(r"true|True|TRUE|t|T|false|False|FALSE|f|F")
_SPACES = re.compile(" *")
_TIMESTAMP = re.compile(" +(-?[0-9]+) *")


class LineError(Exception):
    """Why a line is refused; the text is the one that clients see."""


Tags = tuple[tuple[str, str], ...]
"""Keys and values as written: not sorted, and a key may stand there twice."""


class Fields(NamedTuple):
    """What a line says after its series; the three tuples are as long as each other."""

    keys: tuple[str, ...]
    types: tuple[FieldType, ...]
    values: tuple[FieldValue, ...]
    timestamp: int | None
    """As written, in the unit of the request."""


def parse_series(text: str) -> tuple[str, Tags, int]:
    """Measurement and tags at the start of a line, and where they end. Raises LineError."""
    match = _MEASUREMENT.match(text)
    if match is None:
        raise LineError("Invalid measurement was provided")
    table = _name(match, _MEASUREMENT_ESCAPE)
    tags: list[tuple[str, str]] = []
    first = position = match.end()
    while text.startswith(",", position):
        key, position = _tag_part(_KEY, "key", text, position + 1)
        if not text.startswith("=", position):
            raise LineError(f"Tag set malformed: could not find equals sign in `{cut(text[first + 1 :])}`")
        value, position = _tag_part(_TAG_VALUE, "value", text, position + 1)
        tags.append((key, value))
    return table, tuple(tags), position


def parse_fields(text: str, position: int) -> Fields:
    """The fields and the timestamp of a line, from the end of its series to its own end. Raises LineError."""
    start = _skip_spaces(text, position)
    if start == position:
        raise LineError(f"Expected at least one space character, got {_found(text[position:])}")
    field = _field(text, start)
    if field is None:
        raise LineError("No fields were provided")
    fields = [field[:3]]
    position = field[3]
    if text.startswith(",", position):
        position += 1  # Kept even when no second field follows: "f=1," and "f=1, 1" are lines, "f=1,g=2," is none.
        comma = position
        while field := _field(text, comma):
            fields.append(field[:3])
            position = field[3]
            if not text.startswith(",", position):
                break
            comma = position + 1
    keys, types, values = zip(*fields, strict=True)
    return Fields(keys, types, values, _timestamp(text, position))


def unescape_string(text: str) -> str:
    """The value of a string field whose text between the quotation marks is given. Raises LineError."""
    if "\\\\" in text:
        text = _STRING_ESCAPE.sub(r"\1", text)
    elif "\\" in text:
        text = text.replace('\\"', '"')
    return _limited(text)


def cut(text: str) -> str:
    """Text as messages quote it: ten characters and dots where it has more than ten bytes."""
    return f"{text[:10]}..." if len(text.encode()) > 10 else text


def _tag_part(pattern: re.Pattern[str], what: str, text: str, position: int) -> tuple[str, int]:
    match = pattern.match(text, position)
    if match is None:
        raise LineError(f"Expected tag {what}, got {_found(cut(text[position:]))}")
    return _name(match, _ESCAPE), match.end()


def _field(text: str, position: int) -> tuple[str, FieldType, FieldValue, int] | None:
    """Key, type and value of the field at `position`, and where it ends; None where there is none."""
    match = _KEY.match(text, position)
    if match is None:
        return None
    key = _name(match, _ESCAPE)
    if not text.startswith("=", match.end()):
        return None
    value = _value(text, match.end() + 1)
    return None if value is None else (key, *value)


def _value(text: str, position: int) -> tuple[FieldType, FieldValue, int] | None:
    if match := _WHOLE.match(text, position):
        signed, unsigned = match.groups()
        if signed is not None:
            return FieldType.INT, _integer(signed, INT_MIN, INT_MAX, "integer"), match.end()
        return FieldType.UINT, _integer(unsigned, 0, UINT_MAX, "unsigned integer"), match.end()
    if match := _FLOAT.match(text, position):
        return FieldType.FLOAT, float(match[0]), match.end()
    if match := _STRING.match(text, position):
        return FieldType.STRING, unescape_string(match[1]), match.end()
    if match := _BOOL.match(text, position):
        return FieldType.BOOL, match[0] in {"true", "True", "TRUE", "t", "T"}, match.end()
    return None


def _timestamp(text: str, position: int) -> int | None:
    match = _TIMESTAMP.match(text, position)
    end = match.end() if match else position
    value = _integer(match[1], INT_MIN, INT_MAX, "timestamp") if match else None
    if end != len(text):
        raise LineError(f"Could not parse entire line. Found trailing content: `{cut(text[end:])}`")
    return value


def _integer(digits: str, least: int, most: int, what: str) -> int:
    # Leading zeros go first, and long texts are not read: int() refuses those of thousands of digits.
    significant = digits.removeprefix("-").lstrip("0")
    readable = len(significant) <= 20
    value = int(significant or "0") if readable else 0
    if digits.startswith("-"):
        value = -value
    if not (readable and least <= value <= most):
        raise LineError(f"Unable to parse {what} value `{digits}`")
    return value


def _name(match: re.Match[str], escape: re.Pattern[str]) -> str:
    """A measurement, tag key, tag value or field key, unescaped."""
    name = match[0]
    if "\\" in name:
        name = escape.sub(r"\1", name)
        if name.endswith("\\"):
            raise LineError("Measurements, tag keys and values, and field keys may not end with a backslash")
    return _limited(name)


def _limited(text: str) -> str:
    if len(text) * 4 > MAX_STRING_BYTES and (len(text) if text.isascii() else len(text.encode())) > MAX_STRING_BYTES:
        raise LineError("String is greater than 64KB")
    return text


def _skip_spaces(text: str, position: int) -> int:
    match = _SPACES.match(text, position)
    return match.end() if match else position


def _found(text: str) -> str:
    return f"`{text}`" if text else "end of input"
