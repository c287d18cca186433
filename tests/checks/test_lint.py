"""What needs no run is found in blocks, tables and samples, and ordinary text is left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from docwitness.checks.lint import lint
from docwitness.directives import Directives, Role
from docwitness.page import Block, Cell, Location, Page, Row, Table, Visibility
from docwitness.placeholders import Placeholders
from docwitness.rule import Rule
from docwitness.sample import Language, Sample

PLACEHOLDERS = Placeholders({"DATABASE_TOKEN": "{token}"})


def block(language: str, text: str = "x", role: Role = Role.SAMPLE) -> Block:
    return Block(location=Location("a.md", 3), language=language, text=text, directives=Directives(role=role), first_line=4)


def found(one: Block) -> list[tuple[str, str]]:
    page = Page(path="a.md", dialect="commonmark", blocks=(one,))
    return [(str(defect.location), defect.rule) for defect in lint([page], [], PLACEHOLDERS)]


@pytest.mark.parametrize("word", ["bsah", "shel", "pyhton", "pyton", "javascipt", "tmol", "josn", "consle", "telegraff"])
def test_a_misspelt_language_is_found(word: str) -> None:
    assert found(block(word)) == [("a.md:3", Rule.UNKNOWN_LANGUAGE)]


@pytest.mark.parametrize("word", ["zsh", "ps1", "yml", "jsonc", "jsx", "text", "http", "mermaid", "", "x", "BASH"])
def test_other_languages_are_left_alone(word: str) -> None:
    assert found(block(word, "{}")) == []


@pytest.mark.parametrize("role", [Role.SAMPLE, Role.FILE])
def test_broken_data_is_found_at_its_line(role: Role) -> None:
    assert found(block("json", '{\n  "a": 1\n  "b": 2\n}', role)) == [("a.md:6", Rule.BROKEN_DATA)]


def test_broken_data_of_an_included_file_is_found_in_that_file() -> None:
    assert found(replace(block("toml", "a = 1\nb = "), source=Location("b.toml", 1), first_line=1)) == [
        ("b.toml:2", Rule.BROKEN_DATA)
    ]


@pytest.mark.parametrize("role", [Role.RESPONSE, Role.OUTPUT])
def test_what_comes_of_a_sample_may_leave_parts_out(role: Role) -> None:
    assert found(block("json", "{ not json", role)) == []


def test_toml_for_telegraf_is_left_to_telegraf() -> None:
    assert found(block("toml", "[[outputs.influxdb_v2]\n")) == []


@pytest.mark.parametrize("visibility", [Visibility.COMMENTED, Visibility.QUOTED])
def test_what_readers_do_not_take_for_a_sample_is_left_alone(visibility: Visibility) -> None:
    assert found(replace(block("json", "{"), visibility=visibility)) == []


@pytest.mark.parametrize(
    ("language", "role"), [("sh", Role.SAMPLE), ("text", Role.STORED), ("http", Role.RESPONSE), ("text", Role.FILE)]
)
def test_a_near_miss_of_a_placeholder_is_found_at_its_line(language: str, role: Role) -> None:
    assert found(block(language, "one\nDATABASE_TOKN", role)) == [("a.md:5", Rule.PLACEHOLDER)]


def test_a_block_that_is_nothing_to_us_may_hold_any_word() -> None:
    assert found(block("text", "DATABASE_TOKN")) == []


def test_a_near_miss_in_the_code_spans_of_a_claim_is_found_once_a_row() -> None:
    row = Row(
        location=Location("a.md", 9),
        cells=(Cell(text="DATABASE_TOKNS", codes=()), Cell(text="x", codes=("DATABASE_TOKN", "DATABASE_TOKN"))),
    )
    table = Table(location=Location("a.md", 7), directives=Directives(role=Role.PARAMETERS), headings=("a", "b"), rows=(row,))
    page = Page(path="a.md", dialect="commonmark", blocks=(), tables=(table,))
    assert [(str(defect.location), defect.rule) for defect in lint([page], [], PLACEHOLDERS)] == [("a.md:9", Rule.PLACEHOLDER)]


def python(text: str, directives: Directives | None = None, source: Location | None = None) -> Sample:
    return Sample(
        id="one",
        location=Location("a.md", 3),
        language=Language.PYTHON,
        text=text,
        hash="",
        first_line=1 if source else 4,
        directives=directives or Directives(),
        source=source,
    )


def names(sample: Sample) -> list[tuple[str, str]]:
    return [(str(defect.location), defect.message) for defect in lint([], [sample], PLACEHOLDERS)]


def test_a_name_that_nothing_defines_is_found_even_where_it_is_not_reached() -> None:
    assert names(python("import os\nif os.sep == '?':\n    print(reqest)\n")) == [("a.md:6", "nothing defines 'reqest'")]


def test_a_sample_has_one_defect_for_all_its_names() -> None:
    assert names(python("x = 1\nprint(a, b)\nprint(a)")) == [("a.md:5", "nothing defines 'a', 'b'")]


def test_a_name_in_an_included_file_is_found_in_that_file() -> None:
    assert names(python("\nprint(reqest)", source=Location("b.py", 1))) == [("b.py:2", "nothing defines 'reqest'")]


@pytest.mark.parametrize(
    "text",
    [
        "from os.path import *\nprint(join('a'))",
        "print(__name__, __file__)",
        "import os",
        "x = 1",
        "def broken(",
        "print(x for x in [1])",
    ],
)
def test_what_may_be_defined_or_does_not_parse_is_left_alone(text: str) -> None:
    assert names(python(text)) == []


@pytest.mark.parametrize("directives", [Directives(session="s"), Directives(skip="x"), Directives(xfail="x"), Directives(exit=1)])
def test_samples_that_continue_others_or_are_to_fail_are_left_alone(directives: Directives) -> None:
    assert names(python("print(reqest)", directives)) == []
