"""Language words and their runners."""

from __future__ import annotations

import pytest

from docwitness.languages import Runnable, runnable
from docwitness.sample import Language


@pytest.mark.parametrize(
    ("word", "runner"),
    [
        ("sh", Language.SHELL),
        ("bash", Language.SHELL),
        ("Shell", Language.SHELL),
        ("py", Language.PYTHON),
        ("python", Language.PYTHON),
        ("js", Language.NODE),
        ("javascript", Language.NODE),
        ("mjs", Language.NODE),
        ("node", Language.NODE),
        ("telegraf", Language.TELEGRAF),
    ],
)
def test_a_word_means_a_runner(word: str, runner: Language) -> None:
    assert runnable(word, "") == Runnable(runner)


def test_a_console_block_is_a_transcript_for_the_shell() -> None:
    assert runnable("console", "$ ls") == Runnable(Language.SHELL, console=True)


@pytest.mark.parametrize("word", ["zsh", "text", "", "go", "http", "json", "yaml"])
def test_other_words_mean_none(word: str) -> None:
    assert runnable(word, "[[outputs.influxdb_v2]]") is None


@pytest.mark.parametrize(
    "text",
    [
        "[[outputs.influxdb_v2]]\n",
        "# c\n  [[outputs.influxdb_v2]\n",
        "[inputs.file]\n",
        "[[ outputs . file ]]",
        '[[outputs."file"]]',
    ],
)
def test_toml_with_a_plugin_table_is_telegrafs_even_if_broken(text: str) -> None:
    assert runnable("toml", text) == Runnable(Language.TELEGRAF)


@pytest.mark.parametrize("text", ["[section]\n", "[agent]\n", 'x = "[[outputs.file]]"\n', "[tool.inputs]\n", "[outputs]\n"])
def test_other_toml_is_data(text: str) -> None:
    assert runnable("toml", text) is None
