from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docwitness.elision import TextDifference, fits, text_difference


@pytest.mark.parametrize(
    ("expected", "actual", "agree"),
    [
        ("a…c", "abc", True),
        ("a…c", "ac", True),
        ("…", "", True),
        ("a…c", "abcd", False),
        ("a.c", "abc", False),
        ("a…", "a\nb", True),
    ],
)
def test_an_ellipsis_stands_for_any_text(expected: str, actual: str, agree: bool) -> None:
    assert fits(expected, actual) is agree


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("one\ntwo", "one\ntwo\n"),
        ("one\ntwo", "\none  \r\ntwo\t\r\n\n"),
        ("one\n…\nfour", "one\ntwo\nthree\nfour"),
        ("one\n…\ntwo", "one\ntwo"),
        ("…\nb\n…", "b\nb\nb"),
        ("a …\nb", "a c d\nb"),
    ],
)
def test_a_text_agrees_with_one_that_leaves_lines_out(expected: str, actual: str) -> None:
    assert text_difference(expected, actual) is None


@pytest.mark.parametrize(
    ("expected", "actual", "line", "reason"),
    [
        ("one\ntwo", "one\nthree", 1, "expected 'two', was 'three'"),
        ("one\ntwo", "one", 1, "expected 'two', there was no more"),
        ("one", "one\ntwo", 1, "expected no more, was 'two'"),
        ("one\n…\nfive", "one\ntwo\nfour", 2, "expected 'five', was 'two'"),
        ("one", "", 0, "expected 'one', there was no more"),
        ("  one", "one", 0, "expected '  one', was 'one'"),
    ],
)
def test_the_first_line_that_differs_is_named(expected: str, actual: str, line: int, reason: str) -> None:
    assert text_difference(expected, actual) == TextDifference(line, reason)


@given(st.lists(st.sampled_from("abc"), max_size=8), st.sets(st.integers(0, 7)))
def test_what_is_left_out_fits(lines: list[str], left_out: set[int]) -> None:
    expected = ["…" if number in left_out else line for number, line in enumerate(lines)]
    assert text_difference("\n".join(expected), "\n".join(lines)) is None
