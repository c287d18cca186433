"""Points as lines of line protocol, so that reading one gives the same point again."""

from __future__ import annotations

import re
from collections.abc import Iterable

_IN_TABLE = re.compile(r"[ ,]|\\(?![\n\t\0])")
_IN_KEY = re.compile(r"[ ,=]|\\(?![\n\t\0])")
_IN_STRING = re.compile(r'["\\]')
_NO_FIELDS = "time=0,time=0"
"""What such a point came from: fields called `time` are dropped, and only one by itself is refused."""
_INFINITIES = {"inf": "1e999", "-inf": "-1e999"}

TypedValue = tuple[str, float | str | bool]
"""A type word (`int`, `uint`, `float`, `string`, `bool`) and the value."""


def line(table: str, tags: Iterable[tuple[str, str]], fields: Iterable[tuple[str, TypedValue]], time_ns: int) -> str:
    """One line, the time in nanoseconds; tags and fields stay in their order."""
    series = "".join([_IN_TABLE.sub(_escaped, table), *(f",{_name(key)}={_name(text)}" for key, text in tags)])
    shown = ",".join(f"{_name(key)}={value(*typed)}" for key, typed in fields)
    return f"{series} {shown or _NO_FIELDS} {time_ns}"


def value(kind: str, content: float | str | bool) -> str:
    """A field value of that type."""
    match kind:
        case "int":
            return f"{content}i"
        case "uint":
            return f"{content}u"
        case "bool":
            return "true" if content else "false"
        case "string":
            return f'"{_IN_STRING.sub(_escaped, str(content))}"'
        case _:
            return _INFINITIES.get(str(content), str(content))


def _name(text: str) -> str:
    return _IN_KEY.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return "\\" + match[0]
