"""What the text of a cell is taken for."""

from __future__ import annotations

import pytest
from tests.tables.conftest import cell

from docwitness.page import Cell
from docwitness.tables import cells


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("`a` or `b`", ["", " or ", ""]),
        ("defaults to `s`", ["defaults to ", ""]),
        ("`s`, `s` (default)", ["", ", ", " (default)"]),
        ("`ns``us`", ["", "", ""]),
        ('`"gzip"`s', ["", "s"]),
        ("words", ["words"]),
    ],
)
def test_code_spans_are_told_from_the_words_around_them(text: str, pieces: list[str]) -> None:
    assert cells.between(cell(text)) == pieces


def test_a_code_span_of_blanks_has_a_place() -> None:
    assert cells.between(Cell(text="a b", codes=(" ",))) == ["", "a b"]


@pytest.mark.parametrize(
    "text", ["`x`", "required", "Ignored here", "a query parameter", "the default", "defaults to 5", "if omitted"]
)
def test_code_and_words_with_a_role_state_something(text: str) -> None:
    assert cells.states_something(cell(text))


@pytest.mark.parametrize("text", ["", "Database name", "requirements", "headers-only", "not empty"])
def test_other_words_are_prose(text: str) -> None:
    assert not cells.states_something(cell(text))


@pytest.mark.parametrize(
    ("text", "examples"), [("such as `5MB`", True), ("`a`, `b`, …", True), ("e.g. `5s`", True), ("`a`, `b`", False)]
)
def test_examples_are_no_closed_list(text: str, examples: bool) -> None:
    assert cells.gives_examples(cell(text)) is examples


@pytest.mark.parametrize(
    "text", ["string", "`string`", "int64", "list of `string`s", "string or integer", "array[object]", "Boolean (enum)"]
)
def test_types_are_no_values(text: str) -> None:
    assert cells.names_types(cell(text))


@pytest.mark.parametrize("text", ["", "…", "`ns`", "integer, `0` or `1`", "string, required", "a", "`strings.txt`"])
def test_what_names_more_than_types(text: str) -> None:
    assert not cells.names_types(cell(text))
