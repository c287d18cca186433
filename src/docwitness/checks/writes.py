"""What samples wrote: the points in the line protocol of requests that the target accepted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from docwitness import lines
from docwitness.exchange import Exchange, StoredPoint
from docwitness.lines import TypedValue
from docwitness.precision import SECOND_NS, UNITS
from docwitness.server.grammar import LineError
from docwitness.server.line_protocol import Line, parse_lines

WRITE_PATHS = frozenset({"/api/v2/write", "/write"})
LONGEST_TEXT = 80
"""Characters of a text value that people are shown."""

Series = tuple[str, tuple[tuple[str, str], ...]]
"""Table and sorted tags."""
Fields = dict[str, TypedValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPoint:
    """A point as a line says it."""

    series: Series
    fields: tuple[tuple[str, TypedValue], ...]
    """Sorted by key."""
    timestamp: int | None
    """In the unit of its request; None when the line leaves the time to the target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Untimed:
    """Points of one request whose time the target chose."""

    earliest_ns: int
    latest_ns: int
    points: Mapping[Series, Fields]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """All points of several requests, merged as a target merges them: the last value of a field wins."""

    timed: Mapping[tuple[Series, int], Fields]
    """By series and time in nanoseconds."""
    units: Mapping[tuple[Series, int], int]
    """Nanoseconds in the unit in which that time was sent."""
    untimed: tuple[Untimed, ...]
    problem: str
    """Why it is not all known, in words; empty when it is."""


def is_write(exchange: Exchange) -> bool:
    """Whether it asks to store line protocol."""
    return exchange.request.method == "POST" and exchange.request.path in WRITE_PATHS


def points_in(text: str) -> Iterator[WrittenPoint | LineError]:
    """The points of line protocol; what is none is its error."""
    for line in parse_lines(text):
        yield _point(line) if isinstance(line, Line) else line


def written(exchanges: Iterable[Exchange]) -> Written:
    """The points of all accepted writes, in order."""
    merging = _Merging()
    for exchange in exchanges:
        if is_write(exchange) and exchange.accepted:
            merging.add(exchange)
    return merging.written()


class _Merging:
    """Merges one request after the other."""

    def __init__(self) -> None:
        self._timed: dict[tuple[Series, int], Fields] = {}
        self._units: dict[tuple[Series, int], int] = {}
        self._untimed: list[Untimed] = []
        self._problem = ""

    def written(self) -> Written:
        return Written(timed=self._timed, units=self._units, untimed=tuple(self._untimed), problem=self._problem)

    def add(self, exchange: Exchange) -> None:
        request = exchange.request
        self._problem = self._problem or request.problem
        unit = UNITS.get(request.query.get("precision", ["ns"])[0], 1)
        untimed: dict[Series, Fields] = {}
        for point in points_in(request.body.decode("utf-8", "replace")):
            if isinstance(point, LineError):
                self._problem = self._problem or f"it was accepted, but is not line protocol: {point}"
            elif point.timestamp is None:
                untimed.setdefault(point.series, {}).update(point.fields)
            else:
                key = (point.series, point.timestamp * unit)
                self._timed.setdefault(key, {}).update(point.fields)
                self._units[key] = unit
        if untimed:
            earliest_ns, latest_ns = exchange.started_ns - SECOND_NS, exchange.ended_ns + SECOND_NS
            self._untimed.append(Untimed(earliest_ns=earliest_ns, latest_ns=latest_ns, points=untimed))


def _point(line: Line) -> WrittenPoint:
    """Without a field `time`, and with the last of a repeated one (influxdata/influxdb3_core `mutable_batch_lp/src/lib.rs`)."""
    values = zip(line.layout.keys, line.layout.types, line.values, strict=True)
    fields: Fields = {key: (str(kind), value) for key, kind, value in values if key != "time"}
    series = (line.series.table, tuple(sorted(line.series.tags)))
    return WrittenPoint(series=series, fields=tuple(sorted(fields.items())), timestamp=line.timestamp)


def as_line(point: StoredPoint) -> str:
    """A point as line protocol, for people: long texts are cut."""
    return replace(point, fields=tuple((key, _cut(value)) for key, value in point.fields)).line


def value_text(value: TypedValue) -> str:
    """A field value as line protocol writes it, for people too."""
    return lines.value(*_cut(value))


def _cut(value: TypedValue) -> TypedValue:
    kind, content = value
    return (kind, f"{content[: LONGEST_TEXT - 1]}…") if isinstance(content, str) and len(content) > LONGEST_TEXT else value
