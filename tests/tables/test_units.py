"""Which unit of time a text names."""

from __future__ import annotations

import pytest

from docwitness.tables.units import begins_with_unit, unit_ns


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("second", 10**9),
        ("Milliseconds since 1970", 10**6),
        ("one second", 10**9),
        ("1 ms", 10**6),
        ("µs", 1000),
        ("s (default)", 10**9),
        ("1/1000 second", 10**6),
        ("milliseconds (1/1,000 second)", 10**6),
        ("0.001 seconds", 10**6),
        ("60 seconds", 60 * 10**9),
    ],
)
def test_a_unit_is_named_by_itself_or_as_a_part_of_another(text: str, length: int) -> None:
    assert unit_ns(text) == length


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fortnight",
        "10 seconds",
        "10⁻³ seconds",
        "1/0 second",
        "thousandth of a second",
        "half a second",
        "seconds or milliseconds",
        "s or ms",
        "us customary",
    ],
)
def test_what_is_no_unit_is_none(text: str) -> None:
    assert unit_ns(text) is None


@pytest.mark.parametrize("text", ["Seconds", "second", "Second precision", "1/1000 second", "ms", "Hours since then"])
def test_a_text_may_begin_with_a_unit(text: str) -> None:
    assert begins_with_unit(text)


@pytest.mark.parametrize("text", ["", "Second choice", "minute details", "The number of seconds", "us customary units"])
def test_a_text_may_begin_with_something_else(text: str) -> None:
    assert not begins_with_unit(text)
