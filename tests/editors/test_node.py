from __future__ import annotations

import pytest

from docwitness.editors.base import UneditableError
from docwitness.editors.node import Editor

SAMPLE = """\
const client = new InfluxDB({ url: "http://x", "token": "größer" });
const writer = client.getWriteApi("", "db", "s", {
  batchSize: 2, // few
  writeFailed(error) { throw error; },
  maxRetries,
});
await writer.close();
"""
WRITE_API = "getWriteApi(org, bucket, precision)"
EDITOR = Editor()


def test_options_are_properties_and_named_positions() -> None:
    assert EDITOR.options(SAMPLE, "InfluxDB") == {"url": '"http://x"', "token": '"größer"'}
    options = EDITOR.options(SAMPLE, WRITE_API)
    assert {name: options[name] for name in ("org", "precision", "batchSize", "maxRetries")} == {
        "org": '""',
        "precision": '"s"',
        "batchSize": "2",
        "maxRetries": "maxRetries",
    }
    assert options["writeFailed"].startswith("writeFailed(error)")


def test_options_of_a_call_that_is_not_there_are_none() -> None:
    assert EDITOR.options(SAMPLE, "Point") == {}
    assert EDITOR.options("f({", "f") == {}


def test_a_property_is_left_out_replaced_or_added() -> None:
    edited = EDITOR.edited(SAMPLE, "InfluxDB", {"token": None, "url": '"http://y"', "timeout": "1"})
    told = 'globalThis.docwitnessTell(new InfluxDB({ url: "http://y", timeout: 1 }), ["token", "url", "timeout"]);'
    assert edited.startswith(f"const client = {told}\n")


def test_methods_and_shorthands_are_properties() -> None:
    edited = EDITOR.edited(SAMPLE, WRITE_API, {"writeFailed": None, "maxRetries": "0"})
    assert 'client.getWriteApi("", "db", "s", { batchSize: 2, maxRetries: 0 })' in edited


def test_a_position_that_is_left_out_is_undefined() -> None:
    assert 'getWriteApi("", "db", undefined, {' in EDITOR.edited(SAMPLE, WRITE_API, {"precision": None})


def test_an_object_is_added_behind_all_positions() -> None:
    assert "f(1, undefined, { c: 3 })" in EDITOR.edited("f(1)", "f(a, b)", {"c": "3"})
    assert "f(1, undefined)" in EDITOR.edited("f(1)", "f(a, b)", {"c": None})


@pytest.mark.parametrize(
    ("text", "settings", "problem"),
    [
        ("f(1); f(2)", {}, "stands in the sample 2 times"),
        ("g()", {}, "stands in the sample 0 times"),
        ("f(", {}, "is not JavaScript"),
        ("f()", {"a": "1 +"}, "a: 1 \\+ is not JavaScript"),
    ],
)
def test_what_cannot_be_edited_is_said(text: str, settings: dict[str, str], problem: str) -> None:
    with pytest.raises(UneditableError, match=problem):
        EDITOR.edited(text, "f", settings)
