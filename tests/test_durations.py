from __future__ import annotations

from pathlib import Path

import pytest

from docwitness.durations import remember, remembered


def test_what_is_remembered_comes_back_and_adds_up(tmp_path: Path) -> None:
    remember(tmp_path, {"one": 1.23456, "two": 2})
    remember(tmp_path, {"two": 3.0})
    assert remembered(tmp_path) == {"one": 1.235, "two": 3.0}


@pytest.mark.parametrize("content", ["", "[1]", "{", '{"one": "long"}', "\xff"])
def test_a_broken_memory_is_no_memory(tmp_path: Path, content: str) -> None:
    remember(tmp_path, {})
    (tmp_path / ".docwitness" / "durations.json").write_text(content, encoding="latin-1")
    assert remembered(tmp_path) == {}


def test_a_project_that_never_ran_has_no_memory(tmp_path: Path) -> None:
    assert remembered(tmp_path) == {}


def test_a_memory_that_cannot_be_kept_says_so(tmp_path: Path) -> None:
    (tmp_path / ".docwitness").write_text("in the way")
    with pytest.raises(OSError, match="exists"):
        remember(tmp_path, {"one": 1.0})
