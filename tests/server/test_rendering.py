"""Points as line protocol."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from docwitness.server.journal import DatabaseSettings, Journal, Limits
from docwitness.server.rendering import line

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\t\0"), min_size=1, max_size=8).filter(
    lambda name: not name.endswith("\\") and not name.startswith("#") and name != "time"
)
STRINGS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.one_of(
    st.floats(allow_nan=False).map(lambda value: {"float": value}),
    st.integers(-(2**63), 2**63 - 1).map(lambda value: {"int": value}),
    st.integers(0, 2**64 - 1).map(lambda value: {"uint": value}),
    st.booleans().map(lambda value: {"bool": value}),
    STRINGS.map(lambda value: {"string": value}),
)


def test_a_line() -> None:
    point = {
        "table": "my table",
        "tags": {"b": "2", "a": "x=y, z"},
        "fields": {"s": {"string": 'say "hi" \\'}, "f": {"float": 21.0}, "n": {"int": -3}, "u": {"uint": 3}, "t": {"bool": True}},
        "time_ns": -1,
    }
    assert line(point) == 'my\\ table,a=x\\=y\\,\\ z,b=2 f=21.0,n=-3i,s="say \\"hi\\" \\\\",t=true,u=3u -1'


@given(
    NAMES,
    st.dictionaries(NAMES, NAMES, max_size=3),
    st.dictionaries(NAMES, VALUES, min_size=1, max_size=3),
    st.integers(-(2**63), 2**63 - 1),
)
def test_reading_a_line_gives_the_point_again(table: str, tags: dict[str, str], fields: dict[str, Any], time_ns: int) -> None:
    fields = {key: value for key, value in fields.items() if key not in tags} or {"only a field": {"bool": True}}
    text = line({"table": table, "tags": tags, "fields": {key: dict(value) for key, value in fields.items()}, "time_ns": time_ns})
    journal = Journal.open(None)
    journal.create_database("d", DatabaseSettings())
    journal.write("d", text, unit_ns=1, now_ns=0, partial_writes=False, limits=Limits())
    (point,) = journal.points("d")
    journal.close()
    assert (point.table, dict(point.tags), point.time_ns) == (table, tags, time_ns)
    assert {key: {str(kind): value} for key, kind, value in point.fields} == {
        key: {kind: float(value) if kind == "float" else value for kind, value in typed.items()} for key, typed in fields.items()
    }
