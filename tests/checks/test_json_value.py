from __future__ import annotations

import json

import pytest

from docwitness.checks.json_value import RepeatedKeyError, json_difference, parse


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ('{"a": 1, "b": [1, 2]}', '{"b":[1,2],"a":1.0}'),
        ('{"message": "…line 1…"}', '{"message": "error in line 1 (1-based)"}'),
        ('{"a": 1, …}', '{"a": 1, "b": 2}'),
        ('{"a": 1, "…": "…"}', '{"a": 1, "b": "2"}'),
        ('{"a": …, "b": [1, …, 4]}', '{"a": {"x": null}, "b": [1, 2, 3, 4]}'),
        ("[…]", "[]"),
        ("…", "null"),
        ('{"a": "say \\"…\\""}', '{"a": "say \\"no\\""}'),
    ],
)
def test_a_value_agrees_with_one_that_leaves_parts_out(expected: str, actual: str) -> None:
    assert json_difference(parse(expected, elided=True), parse(actual)) is None


@pytest.mark.parametrize(
    ("expected", "actual", "path", "reason"),
    [
        ('{"a": {"b": 1}}', '{"a": {"b": 2}}', ("a", "b"), "expected 1, was 2"),
        ('{"a": 1}', "{}", ("a",), "expected 1, was not there"),
        ("{}", '{"a": 1}', ("a",), "was 1, but is not shown"),
        ('{"a": true}', '{"a": 1}', ("a",), "expected true, was 1"),
        ('{"a": "…"}', '{"a": 1}', ("a",), 'expected "…", was 1'),
        ('{"a": [1, 2]}', '{"a": [1, 3]}', ("a", 1), "expected 2, was 3"),
        ("[1]", "[1, 2]", (1,), "was 2, but is not shown"),
        ("[1, …, 4]", "[1, 2]", (1,), "expected 4, was 2"),
        ("[1, 2]", "[1]", (1,), "expected 2, was not there"),
        ('{"a": null}', '{"a": "x…y"}', ("a",), 'expected null, was "x…y"'),
    ],
)
def test_the_first_place_that_differs_is_named(expected: str, actual: str, path: tuple[str | int, ...], reason: str) -> None:
    difference = json_difference(parse(expected, elided=True), parse(actual))
    assert difference is not None
    assert (difference.path, difference.reason) == (path, reason)


@pytest.mark.parametrize("text", ["{…", "no JSON", '{"a" …}'])
def test_what_is_no_json_is_an_error(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        parse(text, elided=True)


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '[{"b": {"a": 1, …, "a": 1}}]'])
def test_a_key_that_stands_twice_is_an_error(text: str) -> None:
    with pytest.raises(RepeatedKeyError, match="the key 'a' stands twice"):
        parse(text, elided=True)


def test_parts_may_be_left_out_in_several_places() -> None:
    assert json_difference(parse('{…, "a": 1, …, "…": 1, "…": 1}', elided=True), parse('{"b": 1, "a": 1}')) is None
