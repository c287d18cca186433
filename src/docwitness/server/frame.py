"""A frame: the rows that one request brings to one table, as JSON, and how frames become points again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from itertools import groupby

from docwitness.server.batch import TableBatch
from docwitness.server.compact import decoded, encoded
from docwitness.server.point import FieldType, FieldValue, Point
from docwitness.server.schema import Columns
from docwitness.server.sorter import POINT, Row, Sorter


def encode(table: TableBatch) -> str:
    """The rows of a batch; the types of their values are those of the table's columns."""
    return encoded({"series": table.series, "layouts": table.layouts, "rows": table.rows})


def merged(tables: Sequence[tuple[str, Columns]], frames: Iterable[tuple[int, str]], sorter: Sorter) -> Iterator[Point]:
    """The points of some tables in that order, sorted by time: the last value of each field wins.

    Each frame comes with the position of its table; those of one table in the order in which they were written. Takes as little
    memory as the new `sorter`, however many they are, and raises what that raises.
    """
    types_of = [{key: FieldType(column.value) for key, column in columns.items() if column.value != "tag"} for _, columns in tables]
    tags_of = lru_cache(1)(_tags)  # neighbours often have the same
    with closing(sorter):
        for table, frame in frames:
            sorter.add(_rows(table, frame), len(frame))
        for (table, time_ns, tags), rows in groupby(sorter.sorted(), POINT):
            fields: dict[str, FieldValue] = {}
            for *_, keys, values in rows:
                fields.update(zip(keys, values, strict=True))
            name, types = tables[table][0], types_of[table]
            yield Point(name, tags_of(tags), tuple((key, types[key], fields[key]) for key in sorted(fields)), time_ns)


def _rows(table: int, frame: str) -> Iterator[Row]:
    """Tags without the brackets of their list, so that fewer sort before more."""
    content = decoded(frame)
    series = [encoded(tags)[1:-1] for tags in content["series"]]
    layouts = content["layouts"]
    for series_number, layout_number, time_ns, values in content["rows"]:
        yield table, time_ns, series[series_number], layouts[layout_number], values


def _tags(tags: str) -> tuple[tuple[str, str], ...]:
    return tuple((key, value) for key, value in decoded(f"[{tags}]"))
