"""Stored points as line protocol, for people."""

from __future__ import annotations

from docwitness.exchange import StoredPoint


def line_of(point: StoredPoint) -> str:
    """One line, the time in nanoseconds."""
    series = ",".join(
        [_escaped(point.table, ", "), *(f"{_escaped(key, ',= ')}={_escaped(value, ',= ')}" for key, value in point.tags)]
    )
    fields = ",".join(f"{_escaped(key, ',= ')}={_value(kind, value)}" for key, (kind, value) in point.fields)
    return f"{series} {fields} {point.time_ns}"


def _escaped(text: str, special: str) -> str:
    return "".join(f"\\{letter}" if letter in special else letter for letter in text)


def _value(kind: str, value: float | str | bool) -> str:
    match kind:
        case "int":
            return f"{value}i"
        case "uint":
            return f"{value}u"
        case "string":
            return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
        case "bool":
            return "true" if value else "false"
        case _:
            return repr(value)
