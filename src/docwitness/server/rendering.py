"""Writes points as line protocol, so that reading it gives the same points again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_IN_TABLE = re.compile(r"[ ,]|\\(?![\n\t\0])")
_IN_KEY = re.compile(r"[ ,=]|\\(?![\n\t\0])")
_IN_STRING = re.compile(r'["\\]')
_INFINITIES = {"inf": "1e999", "-inf": "-1e999"}


def line(point: Mapping[str, Any]) -> str:
    """One line, times in nanoseconds, of a point as the administration API gives it. Tags and fields are sorted by key."""
    tags = "".join(f",{_name(key)}={_name(value)}" for key, value in sorted(point["tags"].items()))
    fields = ",".join(f"{_name(key)}={_value(*typed.popitem())}" for key, typed in sorted(point["fields"].items()))
    return f"{_IN_TABLE.sub(_escaped, point['table'])}{tags} {fields} {point['time_ns']}"


def _name(text: str) -> str:
    return _IN_KEY.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return "\\" + match[0]


def _value(kind: str, value: float | str | bool) -> str:
    match kind:
        case "int":
            return f"{value}i"
        case "uint":
            return f"{value}u"
        case "bool":
            return "true" if value else "false"
        case "string":
            return f'"{_IN_STRING.sub(_escaped, str(value))}"'
        case _:
            return _INFINITIES.get(str(value), str(value))
