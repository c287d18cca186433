from __future__ import annotations

import tomllib

import pytest

from docwitness.editors.base import UneditableError
from docwitness.editors.telegraf import Editor

SAMPLE = """\
[agent]
  omit_hostname = true # short

[[outputs.influxdb_v2]]
  urls = ["http://x"]
  token = "t"
  [outputs.influxdb_v2.tagpass]
    room = ["Hall"]
"""
EDITOR = Editor()


def test_options_are_the_keys_of_the_table() -> None:
    options = EDITOR.options(SAMPLE, "outputs.influxdb_v2")
    assert {name: options[name] for name in ("urls", "token")} == {"urls": '["http://x"]', "token": '"t"'}
    assert EDITOR.options(SAMPLE, "agent") == {"omit_hostname": "true"}


def test_options_of_a_table_that_is_not_there_are_none() -> None:
    assert EDITOR.options(SAMPLE, "outputs.http") == {}
    assert EDITOR.options("a = ", "agent") == {}


@pytest.mark.parametrize("of", ["outputs.influxdb_v2", "telegraf-output"])
def test_a_key_is_left_out_replaced_or_added(of: str) -> None:
    edited = tomllib.loads(EDITOR.edited(SAMPLE, of, {"token": None, "urls": '["http://y"]', "timeout": '"1s"'}))
    assert edited["outputs"]["influxdb_v2"] == [
        {"urls": ["http://y"], "timeout": "1s", "log_level": "trace", "tagpass": {"room": ["Hall"]}}
    ]


@pytest.mark.parametrize(("of", "subject"), [("telegraf-output", "outputs.influxdb_v2"), ("agent", "agent")])
def test_the_only_output_has_a_name(of: str, subject: str) -> None:
    assert EDITOR.subject(SAMPLE, of) == subject


def test_other_tables_keep_their_form() -> None:
    assert EDITOR.edited(SAMPLE, "outputs.influxdb_v2", {"token": None}).startswith("[agent]\n  omit_hostname = true # short\n")


def test_a_level_of_the_log_can_be_left_out_too() -> None:
    assert "log_level" not in EDITOR.edited(SAMPLE, "outputs.influxdb_v2", {"log_level": None})


def test_only_outputs_say_what_they_work_with() -> None:
    assert "log_level" not in EDITOR.edited(SAMPLE, "agent", {"omit_hostname": "false"})


@pytest.mark.parametrize(
    ("text", "of", "settings", "problem"),
    [
        (SAMPLE, "outputs.http", {}, "outputs.http stands in the sample 0 times"),
        (SAMPLE + "[[outputs.file]]\n", "telegraf-output", {}, "telegraf-output stands in the sample 2 times"),
        ("a = ", "agent", {}, "is not plain TOML"),
        (SAMPLE, "agent", {"interval": "10 s"}, "interval = 10 s is not TOML"),
    ],
)
def test_what_cannot_be_edited_is_said(text: str, of: str, settings: dict[str, str], problem: str) -> None:
    with pytest.raises(UneditableError, match=problem):
        EDITOR.edited(text, of, settings)
