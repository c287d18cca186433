"""Judges a `stored` block: exactly what a scope holds in the tables that it names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from docwitness.checks.effect import is_plausible, moment
from docwitness.checks.finding import Finding
from docwitness.checks.writes import WrittenPoint, as_line, points_in, value_text
from docwitness.exchange import Effect, StoredPoint
from docwitness.rule import Rule
from docwitness.sample import Expected
from docwitness.server.grammar import LineError


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPoint:
    """A line of the block."""

    line: int
    """0-based."""
    text: str
    point: WrittenPoint | LineError


def shown_points(block: Expected) -> tuple[ShownPoint, ...]:
    """The lines of the block; a line goes on where a text value in it does."""
    shown: list[ShownPoint] = []
    pending, first = "", 0
    lines = block.text.split("\n")
    for number, line in enumerate(lines):
        first = first if pending else number
        pending += line
        points = list(points_in(pending))
        if points and isinstance(points[0], LineError) and pending.count('"') % 2 and number + 1 < len(lines):
            pending += "\n"
            continue
        shown += [ShownPoint(line=first, text=pending, point=point) for point in points]
        pending = ""
    return tuple(shown)


def shown_times(block: Expected | None) -> frozenset[tuple[str, int]]:
    """Tables and times that the block shows."""
    points = () if block is None else (shown.point for shown in shown_points(block))
    return frozenset(
        (point.series[0], point.timestamp) for point in points if isinstance(point, WrittenPoint) and point.timestamp is not None
    )


def judge_stored(block: Expected, effect: Effect, now_ns: int) -> Iterator[Finding]:
    """The first line that is not what the scope holds, or what it holds beside the lines. A block without lines says: nothing."""
    shown = shown_points(block)
    tables = {line.point.series[0] for line in shown if isinstance(line.point, WrittenPoint)}
    remaining = [point for point in effect if point.table in tables or not shown]
    wrong: list[tuple[ShownPoint, WrittenPoint]] = []
    for line in sorted(shown, key=_without_time):
        if isinstance(line.point, LineError):
            yield _finding(f"{line.text!r} is not line protocol: {line.point}", block, line.line)
            return
        found = next((point for point in remaining if _agree(line.point, point, now_ns)), None)
        if found is None:
            wrong.append((line, line.point))
        else:
            remaining.remove(found)
    if wrong:
        line, point = min(wrong, key=lambda item: item[0].line)
        yield _finding(_difference(line.text, point, remaining, now_ns), block, line.line)
    elif remaining:
        yield _finding(f"{as_line(remaining[0])} is stored, but is not shown", block, len(block.text.split("\n")) - 1)


def _without_time(line: ShownPoint) -> bool:
    """Lines with a time choose first: those without one take any."""
    return isinstance(line.point, WrittenPoint) and line.point.timestamp is None


def _agree(shown: WrittenPoint, stored: StoredPoint, now_ns: int) -> bool:
    same = shown.series == (stored.table, stored.tags) and shown.fields == stored.fields
    return same and (is_plausible(stored.time_ns, now_ns) if shown.timestamp is None else shown.timestamp == stored.time_ns)


def _difference(text: str, shown: WrittenPoint, remaining: list[StoredPoint], now_ns: int) -> str:
    """Says what differs from the stored point that is nearest to a line."""
    same_series = [point for point in remaining if (point.table, point.tags) == shown.series]
    for point in same_series:
        if shown.timestamp in (None, point.time_ns) and shown.fields != point.fields:
            return f"expected {_fields_difference(shown, point)} in {text!r}"
    for point in same_series:
        if shown.fields == point.fields and not _agree(shown, point, now_ns):
            expected = "a plausible time" if shown.timestamp is None else f"time {shown.timestamp}"
            return f"expected {expected} in {text!r}, was {point.time_ns} ({moment(point.time_ns)})"
    stored = "; ".join(as_line(point) for point in remaining[:3])
    return f"expected {text!r}, was not stored; stored is {stored or 'nothing else there'}"


def _fields_difference(shown: WrittenPoint, stored: StoredPoint) -> str:
    expected, actual = dict(shown.fields), dict(stored.fields)
    for key, value in expected.items():
        if key not in actual:
            return f"field {key}, was not there,"
        if actual[key] != value:
            return f"{key}={value_text(value)} ({value[0]}), was {value_text(actual[key])} ({actual[key][0]})"
    more = ", ".join(sorted(set(actual) - set(expected)))
    return f"no field {more}, was there,"


def _finding(reason: str, block: Expected, line: int) -> Finding:
    return Finding(rule=Rule.STORED_DIFFERS, reason=reason, at=block.line(line))
