from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docwitness.server.sorter import POINT, Row, Sorter

times = st.one_of(st.integers(0, 2), st.integers(min_value=-(2**63), max_value=2**63 - 1))
values = st.one_of(st.text(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.floats(allow_nan=False))
rows = st.tuples(st.integers(0, 2), times, st.sampled_from(["", "a", "ab", "é"]), st.lists(st.text()), st.lists(values))


def test_sorting_can_be_given_up() -> None:
    unwanted = False
    with closing(Sorter(lambda: unwanted)) as sorter:
        sorter.add(((0, number, "", ["x"], ["y" * 100]) for number in range(10_000)), 1_000_000)
        unwanted = True
        with pytest.raises(sqlite3.OperationalError, match="interrupted"):
            next(iter(sorter.sorted()))


@given(st.lists(rows, max_size=12), st.integers(0, 12), st.sampled_from([1, 70_000]), st.booleans())
def test_rows_come_back_by_point_whether_held_or_in_a_file(some: list[Row], first: int, characters: int, in_memory: bool) -> None:
    """Those of one point in the order in which they came."""
    with closing(Sorter(lambda: False, in_memory=in_memory)) as sorter:
        sorter.add(iter(some[:first]), 1)
        sorter.add(iter(some[first:]), characters)
        assert list(sorter.sorted()) == sorted(some, key=POINT)
