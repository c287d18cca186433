"""What the words of a cell say, and when they are not understood."""

from __future__ import annotations

import pytest
from tests.tables.conftest import cell

from docwitness.claim import Place
from docwitness.tables.columns import Column
from docwitness.tables.phrases import Said, said


@pytest.mark.parametrize(
    ("text", "default"),
    [
        ("`ns` (default), `us`", "ns"),
        ("`us`, `ns` (the default)", "ns"),
        ("`us` or `ns` – default", "ns"),
        ("default: `ns`", "ns"),
        ("`us`; the default is `ns`", "ns"),
        ("`us`, default `ns`", "ns"),
        ("`us` – default: `ns`", "ns"),
        ("Defaults to `s`", "s"),
        ("`ns`, `us`, `s` (seconds, default)", "s"),
        ("`ns`, `s` (default, seconds)", "s"),
        ("`ns`, `s`, which is the default", "s"),
        ("`ns`, `us` or `s`. By default, `s`", "s"),
        ("`ns`; `s` is used by default", "s"),
        ("`ns` by default, `s`", "ns"),
        ("`ns`, `s` if omitted", "s"),
        ("`ns`, `s` (used if not given)", "s"),
        ("If omitted, `s`", "s"),
        ("`ns`, `s` [default]", "s"),
        ("`ns` (default), `us` (not the default)", "ns"),
        ("`us` or `ns`", None),
    ],
)
def test_the_default_is_the_span_that_its_cell_calls_so(text: str, default: str | None) -> None:
    found = said(cell(text))
    assert found.understood
    assert [cell(text).codes[index] for index in found.defaults] == ([default] if default else [])


def test_a_span_that_comes_twice_is_told_apart() -> None:
    assert said(cell("`s`, `s` (default)")).defaults == (1,)


@pytest.mark.parametrize(
    "text",
    [
        "`ns`, nanoseconds if omitted",
        "`s` (default since 2)",
        "`s`: seconds are the default",
        "the default is not `s`",
        "`s` (not the default)",
        "no default, `s`",
        "by default nothing, `s`",
    ],
)
def test_a_default_without_its_value_is_not_understood(text: str) -> None:
    assert said(cell(text)) == Said(understood=False)


@pytest.mark.parametrize("text", ["seconds (default)", "default", "`s`: seconds, which is the default", "(the default unit)"])
def test_a_default_may_be_what_the_row_is_about(text: str) -> None:
    assert said(cell(text)).is_default is True


@pytest.mark.parametrize(
    ("text", "required"),
    [
        ("Required", True),
        ("required", True),
        ("Mandatory", True),
        ("Yes", True),
        ("Yes (always)", True),
        ("✓", True),
        ("☑️", True),
        ("Optional", False),
        ("not required", False),
        ("Not strictly required", False),
        ("isn’t required", False),
        ("Isn’t optional", True),
        ("Required, not optional", True),
        ("No", False),
        ("No (uses nanoseconds)", False),
        ("–", False),
        ("", None),
        ("sometimes", None),
        ("Required unless `x` is set", True),
    ],
)
def test_a_cell_says_required_optional_or_nothing(text: str, required: bool | None) -> None:
    found = said(cell(text), Column.REQUIRED)
    assert (found.required, found.understood) == (required, True)


@pytest.mark.parametrize(
    ("text", "in_honored", "in_ignored"),
    [
        ("Honored", True, True),
        ("Ignored", False, False),
        ("honoured", True, True),
        ("Not ignored", True, True),
        ("Not currently honored", False, False),
        ("Not yet honored", False, False),
        ("Can’t be honored", False, False),
        ("no longer honored", False, False),
        ("Yes", True, False),
        ("Yes, always", True, False),
        ("No", False, True),
        ("No (dropped)", False, True),
        ("", None, None),
    ],
)
def test_a_plain_yes_means_what_its_heading_says(text: str, in_honored: bool | None, in_ignored: bool | None) -> None:
    assert (said(cell(text), Column.HONORED).honored, said(cell(text), Column.IGNORED).honored) == (in_honored, in_ignored)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Query string", (Place.QUERY,)),
        ("in the query", (Place.QUERY,)),
        ("Header", (Place.HEADER,)),
        ("Header or query string", (Place.QUERY, Place.HEADER)),
        ("Header, never the query string", (Place.HEADER,)),
        ("Query string (not a header)", (Place.QUERY,)),
        ("`header`", ()),
        ("Body", ()),
    ],
)
def test_places_are_named_in_words(text: str, places: tuple[Place, ...]) -> None:
    assert said(cell(text)).places == places


@pytest.mark.parametrize(
    "text",
    [
        "required or optional",
        "Optional, required in version 2",
        "Yes, optional",
        "not always required",
        "not required or honored",
        "never, required",
        "not the query string",
        "neither header nor query string",
        "not in the header, the query string or the body",
        "Query string, not the header or such",
        "header, not a header",
        "`ns`, `us`; not `us`",
        "`us` is not accepted",
        "`a`, no `b`",
    ],
)
def test_what_may_be_turned_round_is_not_understood(text: str) -> None:
    assert said(cell(text), Column.REQUIRED) == Said(understood=False)


@pytest.mark.parametrize("column", [None, Column.VALUE])
def test_a_plain_no_is_an_answer_only_where_it_is_asked_for(column: Column | None) -> None:
    assert said(cell("No"), column) == Said(understood=False)
