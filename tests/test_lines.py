"""Points as line protocol."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from docwitness.lines import TypedValue, line
from docwitness.server.journal import DatabaseSettings, Journal
from docwitness.server.schema import Limits

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\t\0"), min_size=1, max_size=8).filter(
    lambda name: not name.endswith("\\") and not name.startswith("#") and name != "time"
)
STRINGS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.one_of(
    st.floats(allow_nan=False).map(lambda value: ("float", value)),
    st.integers(-(2**63), 2**63 - 1).map(lambda value: ("int", value)),
    st.integers(0, 2**64 - 1).map(lambda value: ("uint", value)),
    st.booleans().map(lambda value: ("bool", value)),
    STRINGS.map(lambda value: ("string", value)),
)


def test_a_point_is_written_with_every_type_and_escape() -> None:
    fields: list[tuple[str, TypedValue]] = [
        ("f", ("float", 21.0)),
        ("n", ("int", -3)),
        ("s", ("string", 'say "hi" \\')),
        ("t", ("bool", True)),
        ("u", ("uint", 3)),
    ]
    text = line("my table", [("a", "x=y, z"), ("b", "2")], fields, -1)
    assert text == 'my\\ table,a=x\\=y\\,\\ z,b=2 f=21.0,n=-3i,s="say \\"hi\\" \\\\",t=true,u=3u -1'


@given(
    NAMES,
    st.dictionaries(NAMES, NAMES, max_size=3),
    st.dictionaries(NAMES, VALUES, max_size=3),
    st.integers(-(2**63), 2**63 - 1),
)
@example("a\\, b", {"c\\= d": "e\\, f"}, {"g\\= h": ("string", 'i\\" j')}, 0)
@example("m", {"t": "a"}, {}, 0)
@example("m", {}, {"high": ("float", float("inf")), "low": ("float", float("-inf"))}, 0)
def test_reading_a_line_gives_the_point_again(
    table: str, tags: dict[str, str], fields: dict[str, TypedValue], time_ns: int
) -> None:
    fields = {key: value for key, value in fields.items() if key not in tags}
    journal = Journal.open(None)
    journal.create_database("d", DatabaseSettings())
    text = line(table, tags.items(), fields.items(), time_ns)
    journal.write("d", text, unit_ns=1, now_ns=0, partial_writes=False, limits=Limits())
    (point,) = journal.points("d")
    journal.close()
    assert (point.table, dict(point.tags), point.time_ns) == (table, tags, time_ns)
    assert {key: (str(kind), value) for key, kind, value in point.fields} == fields
