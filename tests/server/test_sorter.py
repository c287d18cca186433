from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docwitness.server.sorter import POINT, Sorter

times = st.one_of(st.integers(0, 2), st.integers(min_value=-(2**63), max_value=2**63 - 1))
rows = st.tuples(st.integers(0, 2), times, st.sampled_from(["", "a", "ab", "é"]), st.text(), st.text())


def test_sorting_can_be_given_up() -> None:
    unwanted = False
    with closing(Sorter(lambda: unwanted)) as sorter:
        sorter.add((0, number, "", "x" * 100, "") for number in range(10_000))
        unwanted = True
        with pytest.raises(sqlite3.OperationalError, match="interrupted"):
            next(iter(sorter.sorted()))


@given(st.lists(rows, max_size=12), st.sampled_from([0, 70_000]))
def test_rows_come_back_by_point_whether_held_or_in_a_file(some: list[tuple[int, int, str, str, str]], more: int) -> None:
    """Those of one point in the order in which they came."""
    some = [(table, time_ns, tags, keys, values + "x" * more) for table, time_ns, tags, keys, values in some]
    with closing(Sorter(lambda: False)) as sorter:
        sorter.add(iter(some))
        assert list(sorter.sorted()) == sorted(some, key=POINT)
