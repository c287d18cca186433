"""Judges what a target stores against what it was sent, and whether the times can be meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from docwitness.checks.finding import Finding
from docwitness.checks.writes import Fields, Series, Untimed, Written, as_line
from docwitness.exchange import Effect, StoredPoint
from docwitness.precision import SECOND_NS
from docwitness.rule import Rule

EARLIEST_NS = 946_684_800 * SECOND_NS
"""2000-01-01: what lies before it was not meant, unless a page shows it."""
DAY_NS = 86_400 * SECOND_NS
NOW_NS = -(1 << 63) - 1
"""Stands for a time at which a run itself happened: nobody can write the same one twice, and no point has this one."""

_UNITS = (("seconds", "s", SECOND_NS), ("milliseconds", "ms", 1_000_000), ("microseconds", "us", 1_000), ("nanoseconds", "ns", 1))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_Stored = defaultdict[Series, dict[int, StoredPoint]]
"""Points by series and time."""


def is_plausible(time_ns: int, now_ns: int) -> bool:
    """Whether a time can be meant."""
    return EARLIEST_NS <= time_ns <= now_ns + DAY_NS


def timeless(point: StoredPoint, earliest_ns: int, latest_ns: int) -> StoredPoint:
    """The point as it is compared with those of other runs: with `NOW_NS` for a time within those of its own run."""
    return replace(point, time_ns=NOW_NS) if earliest_ns <= point.time_ns <= latest_ns else point


def judge_effect(sent: Written, effect: Effect) -> Iterator[Finding]:
    """The first thing in which the stored points are not those that were sent."""
    remaining: _Stored = defaultdict(dict)
    for point in effect:
        remaining[point.table, point.tags][point.time_ns] = point
    problem = next(_missing(sent, remaining), None) or next(_left_over(remaining), None)
    if problem:
        yield Finding(rule=Rule.STORED_DIFFERS, reason=problem)


def _missing(sent: Written, remaining: _Stored) -> Iterator[str]:
    """What was sent and is not stored; takes what is stored out of `remaining`."""
    for (series, time_ns), fields in sent.timed.items():
        found = remaining[series].pop(time_ns, None)
        if found is None:
            yield f"sent {_line(series, fields, time_ns)}: accepted, but not stored{_instead(series, remaining)}"
        elif dict(found.fields) != fields:
            yield f"sent {_line(series, fields, time_ns)}, but {as_line(found)} is stored"
    for request in sent.untimed:
        for series, fields in request.points.items():
            found = _in_time(request, remaining[series].values(), fields)
            if found is None:
                line = _line(series, fields, 0).removesuffix(" 0")
                yield f"sent {line} without a time: accepted, but not stored at that time{_instead(series, remaining)}"
            else:
                del remaining[series][found.time_ns]


def _in_time(request: Untimed, points: Iterable[StoredPoint], fields: Fields) -> StoredPoint | None:
    """The point with these fields that was stored during the request."""
    for point in points:
        if dict(point.fields) == fields and request.earliest_ns <= point.time_ns <= request.latest_ns:
            return point
    return None


def _left_over(remaining: _Stored) -> Iterator[str]:
    for points in remaining.values():
        for point in points.values():
            yield f"{as_line(point)} is stored, but no accepted request sent it"


def _instead(series: Series, remaining: _Stored) -> str:
    """What is stored of the same table and was not sent."""
    stored = [point for (table, _), points in remaining.items() if table == series[0] for point in points.values()]
    return f"; {as_line(stored[0])} is" if stored else ""


def _line(series: Series, fields: Fields, time_ns: int) -> str:
    return as_line(StoredPoint(table=series[0], tags=series[1], fields=tuple(sorted(fields.items())), time_ns=time_ns))


def judge_times(sent: Written, now_ns: int, meant: frozenset[tuple[str, int]]) -> Iterator[Finding]:
    """The first point at a time that cannot be meant; `meant` are tables and times that the page itself shows."""
    for (series, time_ns), fields in sent.timed.items():
        if is_plausible(time_ns, now_ns) or (series[0], time_ns) in meant:
            continue
        yield Finding(
            rule=Rule.IMPLAUSIBLE_TIME,
            reason=f"{_line(series, fields, time_ns)} is stored at {moment(time_ns)}",
            hint=_unit_hint(time_ns, sent.units[series, time_ns], now_ns),
        )
        return


def _unit_hint(time_ns: int, unit_ns: int, now_ns: int) -> str:
    timestamp = time_ns // unit_ns
    read_as = next((name for name, _, unit in _UNITS if unit == unit_ns), "another unit")
    for name, word, unit in _UNITS:
        if is_plausible(timestamp * unit, now_ns):
            return f"{timestamp} looks like {name}, but was read as {read_as}: is `precision={word}` meant?"
    return "where that time is meant, a `stored` block that shows it says so"


def moment(time_ns: int) -> str:
    """A time for people, UTC. Some servers take times that no calendar has."""
    seconds, nanoseconds = divmod(time_ns, SECOND_NS)
    fraction = f".{nanoseconds:09d}".rstrip("0").rstrip(".")
    try:
        return f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}{fraction}Z"
    except OverflowError:
        return "a time that no calendar has"
