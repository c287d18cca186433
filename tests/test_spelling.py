"""Distances between words, and what a misspelt word was meant to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docwitness.spelling import distance, meant, one_edit_apart, suggestion


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("setup", "setup", 0),
        ("setpu", "setup", 1),
        ("shel", "shell", 1),
        ("bsah", "bash", 1),
        ("expct", "expect", 1),
        ("exepct", "expectx", 2),
    ],
)
def test_neighbours_swapped_count_as_one_edit(one: str, other: str, edits: int) -> None:
    assert distance(one, other) == edits


def test_a_distance_above_the_limit_is_not_measured() -> None:
    assert distance("response", "stored") == 3
    assert distance("a", "abcdefgh", limit=1) == 2


words = st.text(alphabet="abc", max_size=6)


@given(words, words)
def test_the_quick_test_for_one_edit_agrees_with_the_distance(one: str, other: str) -> None:
    assert one_edit_apart(one, other) == (distance(one, other) == 1)


@given(words, words)
def test_a_distance_is_the_same_in_both_directions(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)


def test_the_nearest_word_was_meant() -> None:
    assert meant("tragets", ("target", "targets", "paths")) == "targets"
    assert meant("docs", ("target", "paths")) is None


def test_nothing_of_a_short_word_may_be_left_over() -> None:
    assert meant("x", ("id", "of")) is None
    assert meant("ip", ("id",)) == "id"


def test_a_suggestion_is_ready_for_a_message() -> None:
    assert suggestion("targt", ("target",)) == " (did you mean 'target'?)"
    assert suggestion("zebra", ("target",)) == ""
