"""What the words of a cell are taken for."""

from __future__ import annotations

import re

import pytest

from docwitness.claim import Place
from docwitness.page import Cell
from docwitness.tables import cells


def cell(text: str) -> Cell:
    """A cell whose code spans stand between backticks."""
    return Cell(text=text.replace("`", ""), codes=tuple(re.findall("`([^`]+)`", text)))


@pytest.mark.parametrize(
    ("text", "default"),
    [
        ("`ns` (default), `us`", "ns"),
        ("`us`, `ns` (the default)", "ns"),
        ("`us` or `ns` – default", "ns"),
        ("default: `ns`", "ns"),
        ("`us`; the default is `ns`", "ns"),
        ("`us`, default `ns`", "ns"),
        ("Defaults to `ns`", "ns"),
        ("`us` or `ns`", None),
    ],
)
def test_the_default_is_the_span_that_its_cell_calls_so(text: str, default: str | None) -> None:
    assert [span.code for span in cells.spans(cell(text)) if span.default] == ([default] if default else [])


def test_a_span_that_comes_twice_is_told_apart() -> None:
    assert [span.default for span in cells.spans(cell("`s`, `s` (default)"))] == [False, True]


@pytest.mark.parametrize(
    ("text", "required"),
    [
        ("Required", True),
        ("required", True),
        ("Yes", True),
        ("✓", True),
        ("Optional", False),
        ("not required", False),
        ("No", False),
        ("–", False),
        ("", None),
        ("sometimes", None),
        ("required or optional", None),
        ("Required unless `x` is set", True),
    ],
)
def test_a_cell_says_required_optional_or_nothing(text: str, required: bool | None) -> None:
    assert cells.says_required(cell(text)) is required


@pytest.mark.parametrize(
    ("text", "in_honored", "in_ignored"),
    [
        ("Honored", True, True),
        ("Ignored", False, False),
        ("honoured", True, True),
        ("Not ignored", True, True),
        ("Yes", True, False),
        ("No", False, True),
        ("", None, None),
    ],
)
def test_a_plain_yes_means_what_its_heading_says(text: str, in_honored: bool | None, in_ignored: bool | None) -> None:
    assert (cells.says_honored(cell(text), yes=True), cells.says_honored(cell(text), yes=False)) == (in_honored, in_ignored)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Query string", (Place.QUERY,)),
        ("in the query", (Place.QUERY,)),
        ("Header", (Place.HEADER,)),
        ("Header or query string", (Place.QUERY, Place.HEADER)),
        ("`header`", ()),
        ("Body", ()),
    ],
)
def test_places_are_named_in_words(text: str, places: tuple[Place, ...]) -> None:
    assert cells.places(cell(text)) == places


@pytest.mark.parametrize("text", ["`x`", "required", "Ignored here", "a query parameter", "the default"])
def test_code_and_words_with_a_role_state_something(text: str) -> None:
    assert cells.states_something(cell(text))


@pytest.mark.parametrize("text", ["", "Database name", "requirements", "headers-only"])
def test_other_words_are_prose(text: str) -> None:
    assert not cells.states_something(cell(text))


@pytest.mark.parametrize(
    ("text", "examples"), [("such as `5MB`", True), ("`a`, `b`, …", True), ("e.g. `5s`", True), ("`a`, `b`", False)]
)
def test_examples_are_no_closed_list(text: str, examples: bool) -> None:
    assert cells.gives_examples(cell(text)) is examples
