"""A frame: the rows that one request brings to one table, as JSON, and how frames become points again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from docwitness.server.batch import TableBatch
from docwitness.server.point import FieldType, FieldValue, Point
from docwitness.server.schema import Columns

_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
"""Infinite floats become the words that `json` reads back."""


def encode(table: TableBatch) -> str:
    """The rows of a batch; the types of their values are those of the table's columns."""
    return _ENCODER.encode({"series": table.series, "layouts": table.layouts, "rows": table.rows})


def merged(name: str, columns: Columns, frames: Iterable[str]) -> Iterator[Point]:
    """The points of frames in the order they were written, sorted by time: the last value of each field wins."""
    rows: dict[tuple[int, tuple[tuple[str, str], ...]], dict[str, FieldValue]] = {}
    for frame in frames:
        content = json.loads(frame)
        series = [tuple((key, value) for key, value in tags) for tags in content["series"]]
        for series_number, layout_number, time_ns, values in content["rows"]:
            fields = rows.setdefault((time_ns, series[series_number]), {})
            fields.update(zip(content["layouts"][layout_number], values, strict=True))
    types = {key: FieldType(column.value) for key, column in columns.items() if column.value != "tag"}
    for (time_ns, tags), fields in sorted(rows.items(), key=lambda row: row[0]):
        yield Point(name, tags, tuple((key, types[key], fields[key]) for key in sorted(fields)), time_ns)
