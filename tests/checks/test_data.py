"""Data blocks that do not parse are found at their line; what only leaves parts out is left alone."""

from __future__ import annotations

import pytest

from docwitness.checks.data import json_fault, toml_fault, yaml_fault


@pytest.mark.parametrize(
    ("text", "line"),
    [('{"a": 1,}', 1), ('{\n  "a": 1\n  "b": 2\n}', 3), ("{'a': 1}", 1), ("", 1), ('{"a": "…",}', 1), ('{}\n{"a"}', 2)],
)
def test_broken_json_is_found(text: str, line: int) -> None:
    fault = json_fault(text)
    assert fault is not None
    assert fault.line == line


@pytest.mark.parametrize(
    ("text", "line", "column"), [('{\n  "a": 1,\n\n}', 2, 9), ("[1,\n 2 ,\n]", 2, 4), ('{"a": [1,]}', 1, 9), ("{,}", 1, 2)]
)
def test_a_comma_with_nothing_behind_it_is_blamed_itself(text: str, line: int, column: int) -> None:
    """By every version of Python, though they stop at different places."""
    fault = json_fault(text)
    assert fault is not None
    assert (fault.line, fault.message) == (line, f"Nothing follows the comma in column {column}")


@pytest.mark.parametrize("text", ["},", ",", "[1,", "{a,}"])
def test_other_faults_near_commas_are_told_as_they_are(text: str) -> None:
    fault = json_fault(text)
    assert fault is not None
    assert "comma" not in fault.message


@pytest.mark.parametrize("text", ['{"a": [1, "…"]}', "1", '{"a": 1}\n{"a": 2}', '{"a": 1, …}', "[\n  1,\n  ...\n]"])
def test_json_may_be_one_document_or_one_on_every_line_or_leave_parts_out(text: str) -> None:
    assert json_fault(text) is None


@pytest.mark.parametrize(("text", "line"), [("[section]\nkey = value", 2), ("a = 1\na = 2", 2), ("[a]\n[b", 2), ('a = "x', 1)])
def test_broken_toml_is_found(text: str, line: int) -> None:
    fault = toml_fault(text)
    assert fault is not None
    assert fault.line == line


def test_toml_that_parses_is_fine() -> None:
    assert toml_fault('[a.b]\nkey = "value"\n') is None


@pytest.mark.parametrize(
    ("text", "line"), [("a: 1\n b: 2", 2), ("a: [1,\nb: 2", 2), ('a: "x', 1), ("a:\n\t- b", 2), ("a: b: c", 1)]
)
def test_broken_yaml_is_found(text: str, line: int) -> None:
    fault = yaml_fault(text)
    assert fault is not None
    assert fault.line == line


@pytest.mark.parametrize(
    "text", ["a: 1\n---\nb: 2\n", "a: !ENV B\n", "f: !!python/name:os.path.join\n", "a: ${{ secrets.X }}\n", ""]
)
def test_yaml_may_have_documents_and_tags(text: str) -> None:
    assert yaml_fault(text) is None
