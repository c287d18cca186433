"""The rules of one write request: types, repeated names, default time, precision, retention, and the report of what is refused.

Order and texts follow influxdata/influxdb3_core `mutable_batch_lp/src/lib.rs` and `mutable_batch/src/writer.rs`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from docwitness.server.errors import BAD_LINES, RETENTION, RETENTION_PARTIAL, STORAGE, ApiError
from docwitness.server.grammar import INT_MAX, INT_MIN, LineError
from docwitness.server.line_protocol import Layout, Line, Series, parse_lines
from docwitness.server.point import FieldType, FieldValue
from docwitness.server.schema import FIELD_COLUMNS, Columns, ColumnType, Limits, Schema

MAX_REPORTED = 100
"""Errors in one answer. The lines behind the last reported one are looked at all the same where they may be stored."""
LINES_AT_ONCE = 1024
"""Lines that are read before the request looks whether it is given up."""

Row = tuple[int, int, int, tuple[FieldValue, ...]]
"""Numbers of its series and of its layout in the table's batch, time in nanoseconds, and the values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a request and its database ask of the lines."""

    unit_ns: int
    """Nanoseconds in the unit of the timestamps."""
    now_ns: int
    """The one time of all lines without a timestamp."""
    retention_s: int | None = None
    partial_writes: bool
    limits: Limits
    given_up: Callable[[], bool] = lambda: False
    """Whether reading on has become useless."""

    @property
    def oldest_ns(self) -> int:
        """The least time that is within retention."""
        return INT_MIN if self.retention_s is None else self.now_ns - self.retention_s * 1_000_000_000


class Stale(NamedTuple):
    """The oldest row of a table that is outside the retention period."""

    table: str
    time_ns: int


class _StoredLayout(NamedTuple):
    number: int
    picked: tuple[int, ...] | None
    """Which of the values are kept; None for all."""


class TableBatch:
    """The rows of one table that a request brings."""

    __slots__ = ("_most_columns", "_series_numbers", "_stored", "_stored_layouts", "columns", "layouts", "rows", "series")

    def __init__(self, stored: Columns | None, most_new: int) -> None:
        self.columns: dict[str, ColumnType] = {}
        """Those its rows use, without `time`."""
        self.series: list[tuple[tuple[str, str], ...]] = []
        """Tags sorted by key."""
        self.layouts: list[tuple[str, ...]] = []
        self.rows: list[Row] = []
        self._stored = stored or {}
        self._most_columns = len(self._stored) + most_new
        self._series_numbers: dict[Series, int] = {}
        self._stored_layouts: dict[Layout, _StoredLayout] = {}

    def add(self, line: Line, time_ns: int) -> None:
        """Takes a line. Raises LineError, and then leaves no column behind."""
        series = self._series_numbers.get(line.series)
        layout = self._stored_layouts.get(line.layout)
        if series is None or layout is None:
            self.columns |= self._check(line)
            if len(self.columns) > self._most_columns:  # The limit refuses the request, so that its rows need no memory.
                return
            series, layout = self._number(line.series), self._store(line.layout)
        values = line.values if layout.picked is None else tuple([line.values[i] for i in layout.picked])
        self.rows.append((series, layout.number, time_ns, values))

    def keep_since(self, oldest_ns: int) -> None:
        """Leaves out older rows, and the columns that only they use."""
        self.rows = [row for row in self.rows if row[2] >= oldest_ns]
        used = {key for row in self.rows for key, _ in self.series[row[0]]}
        used |= {key for row in self.rows for key in self.layouts[row[1]]}
        self.columns = {name: column for name, column in self.columns.items() if name in used}

    def _check(self, line: Line) -> dict[str, ColumnType]:
        """The columns that a line would use."""
        table, tags = line.series.table, line.series.tags
        if any(key == "time" for key, _ in tags):
            raise LineError(f'input tag "time" on measurement "{table}" is invalid')
        if line.layout.keys == ("time",):
            raise LineError(f'invalid field name: input field "time" on measurement "{table}" is invalid')
        added: dict[str, ColumnType] = {}
        for key, _ in tags:
            if key in added:
                raise LineError(f"the tag '{key}' is specified more than once with conflicting values")
            self._check_column(key, ColumnType.TAG, added)
        self._check_fields(line.layout, added)
        return added

    def _check_fields(self, layout: Layout, added: dict[str, ColumnType]) -> None:
        """From the right, so that the last of a repeated field counts; `time` among other fields is left out."""
        last: dict[str, FieldType] = {}
        for key, field_type in zip(reversed(layout.keys), reversed(layout.types), strict=True):
            if key == "time":
                continue
            if last.setdefault(key, field_type) is not field_type:
                raise LineError(f"the field '{key}' is specified more than once with conflicting types")
            self._check_column(key, FIELD_COLUMNS[field_type], added)

    def _check_column(self, name: str, column: ColumnType, added: dict[str, ColumnType]) -> None:
        used = self.columns.get(name) or added.get(name)
        stored = self._stored.get(name)
        if used is None and stored is not None and stored is not column:
            raise LineError(
                f"Could not insert column: Existing table schema specifies column {name} is type {stored.described}, "
                f"but type {column.described} was given"
            )
        if used is not None and used is not column:
            raise LineError(f"Unable to insert {column.described} type into column {name} with type {used.described}")
        added[name] = column

    def _number(self, series: Series) -> int:
        if series not in self._series_numbers:
            self._series_numbers[series] = len(self.series)
            self.series.append(tuple(sorted(series.tags)))
        return self._series_numbers[series]

    def _store(self, layout: Layout) -> _StoredLayout:
        if layout not in self._stored_layouts:
            kept = {key: index for index, key in enumerate(layout.keys) if key != "time"}
            picked = None if len(kept) == len(layout.keys) else tuple(kept.values())
            self._stored_layouts[layout] = _StoredLayout(len(self.layouts), picked)
            self.layouts.append(tuple(kept))
        return self._stored_layouts[layout]


@dataclass(slots=True)
class Batch:
    """What a request brings, and what of it is refused."""

    terms: Terms
    tables: dict[str, TableBatch] = field(default_factory=dict)
    """Those with rows, or with too many columns for any, in order of appearance."""
    errors: list[str] = field(default_factory=list)
    first_bad_line: int = 0
    stale: Stale | None = None

    @property
    def points(self) -> int:
        """How many rows it brings."""
        return sum(len(table.rows) for table in self.tables.values())

    def fits(self, schema: Schema) -> bool:
        """Whether the columns that it uses have no other type there."""
        return all(
            schema.tables.get(name, {}).get(key, column) is column
            for name, table in self.tables.items()
            for key, column in table.columns.items()
        )

    def new_columns(self, schema: Schema) -> Mapping[str, Columns]:
        """By table: columns that are not there yet; new tables always."""
        missing: dict[str, Columns] = {}
        for name, table in self.tables.items():
            stored = schema.tables.get(name)
            columns = {key: column for key, column in table.columns.items() if stored is None or key not in stored}
            if stored is None or columns:
                missing[name] = columns
        return missing

    def refusal(self) -> ApiError | None:
        """The error to answer with, if any line is refused."""
        if self.errors:
            return BAD_LINES.error(line=self.first_bad_line, reasons="\n".join(self.errors))
        if self.stale is None:
            return None
        kind = RETENTION_PARTIAL if self.terms.partial_writes else RETENTION
        minimum, observed = rfc3339(self.terms.oldest_ns), rfc3339(self.stale.time_ns)
        return kind.error(table=self.stale.table, minimum=minimum, observed=observed)

    def refuse(self, number: int, text: str) -> None:
        """Notes a bad line by its number and what is wrong with it."""
        self.first_bad_line = self.first_bad_line or number
        if len(self.errors) < MAX_REPORTED:
            self.errors.append(text)

    def drop(self, table: str, time_ns: int) -> None:
        """Notes a row outside the retention period; the first table that has one is the one that is named."""
        if self.stale is None or (self.stale.table == table and time_ns < self.stale.time_ns):
            self.stale = Stale(table, time_ns)


def read_batch(text: str, terms: Terms, schema: Schema) -> Batch:
    """All lines of a request against the stored schema. Raises ApiError where the request is given up."""
    batch = Batch(terms)
    tables: dict[str, TableBatch] = {}
    unit, oldest = terms.unit_ns, terms.oldest_ns
    # With more tables than these the request is refused by the limit, so their rows need no memory.
    most_tables = len(schema.tables) + terms.limits.tables + 1
    # The same goes for columns, as long as retention cannot leave rows out and thereby columns.
    most_new = terms.limits.columns if terms.retention_s is None else sys.maxsize
    for number, line in _lines(text, batch):
        if isinstance(line, LineError):
            batch.refuse(number, f"error parsing line {number} (1-based): {line}")
            continue
        time_ns = terms.now_ns if line.timestamp is None else line.timestamp * unit
        if not INT_MIN <= time_ns <= INT_MAX:
            batch.refuse(number, f"timestamp overflows i64 on line {number} (1-based)")
            continue
        name = line.series.table
        table = tables.get(name)
        if table is None:
            table = TableBatch(schema.tables.get(name), most_new)
            if len(tables) < most_tables:
                tables[name] = table
        try:
            table.add(line, time_ns)
        except LineError as error:
            batch.refuse(number, f"error writing line {number} (1-based): {error}")
            continue
        if time_ns < oldest:
            batch.drop(name, time_ns)
    if batch.stale:
        for table in tables.values():
            table.keep_since(oldest)
    batch.tables = {name: table for name, table in tables.items() if table.rows or table.columns}
    return batch


def _lines(text: str, batch: Batch) -> Iterator[tuple[int, Line | LineError]]:
    """Those that matter, with their numbers."""
    terms = batch.terms
    most_errors = None if terms.partial_writes else MAX_REPORTED
    for number, line in enumerate(parse_lines(text), 1):
        if number % LINES_AT_ONCE == 0 and terms.given_up():
            raise STORAGE.error()
        yield number, line
        if len(batch.errors) == most_errors:  # What follows changes neither the answer nor what is stored.
            return


def rfc3339(time_ns: int) -> str:
    """UTC, with as many groups of three digits of a second as there is something in."""
    seconds, nanoseconds = divmod(time_ns, 1_000_000_000)
    digits = f"{nanoseconds:09d}"
    while digits.endswith("000"):
        digits = digits[:-3]
    moment = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{moment}{'.' if digits else ''}{digits}+00:00"
