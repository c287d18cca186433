from __future__ import annotations

import pytest

from docwitness.editors.base import UneditableError
from docwitness.editors.python import Editor

SAMPLE = """\
# größer
with InfluxDBClient(
    url="http://x",  # where
    org="",
) as client:
    client.write_api().write("db", record=["a b=1"])
"""
EDITOR = Editor()


def test_options_are_keywords_and_named_positions() -> None:
    assert EDITOR.options(SAMPLE, "InfluxDBClient") == {"url": '"http://x"', "org": '""'}
    assert EDITOR.options(SAMPLE, "write(bucket)") == {"bucket": '"db"', "record": '["a b=1"]'}


def test_options_of_a_call_that_is_not_there_are_none() -> None:
    assert EDITOR.options(SAMPLE, "Point") == {}
    assert EDITOR.options("print(", "print") == {}


def test_an_option_is_left_out_replaced_or_added() -> None:
    edited = EDITOR.edited(SAMPLE, "InfluxDBClient", {"org": None, "url": '"http://y"', "timeout": "1"})
    assert "with _docwitness_tell(InfluxDBClient(url=\"http://y\", timeout=1), ('org', 'url', 'timeout')) as client:" in edited
    assert edited.endswith('write("db", record=["a b=1"])\n')


def test_a_named_position_becomes_a_keyword() -> None:
    edited = EDITOR.edited(SAMPLE, "write(bucket)", {"record": None})
    assert "write(bucket=\"db\"), ('record',))" in edited


def test_arguments_without_a_name_stay() -> None:
    assert "f(1, b=2)" in EDITOR.edited("f(1)", "f", {"b": "2"})
    assert "f(b=2, **more)" in EDITOR.edited("f(b=1, **more)", "f", {"b": "2"})


def test_nothing_is_wrapped_when_nothing_is_set() -> None:
    assert EDITOR.edited("f(a = 1)", "f", {}) == "f(a=1)"


@pytest.mark.parametrize(
    ("text", "of", "settings", "problem"),
    [
        ("f(1)\nf(2)", "f", {}, r"f\(…\) stands in the sample 2 times"),
        ("print(1)", "f", {}, r"f\(…\) stands in the sample 0 times"),
        ("f(", "f", {}, "is not Python"),
        ("f()", "f", {"a": "1 +"}, "a=1 \\+ is not Python"),
        ("f()", "f", {"a-b": "1"}, "'a-b' is not the name"),
        ("f(1, 2)", "f(a)", {}, "2 arguments without names; `of` names 1"),
        ("f(*all)", "f", {}, "unpacked"),
        ("f()", "a call", {}, "names no call"),
    ],
)
def test_what_cannot_be_edited_is_said(text: str, of: str, settings: dict[str, str], problem: str) -> None:
    with pytest.raises(UneditableError, match=problem):
        EDITOR.edited(text, of, settings)
