from __future__ import annotations

import json
import os
import resource
from pathlib import Path

import pytest

from docwitness.errors import UsageError
from docwitness.reporters.file import check_writable, write


def test_the_former_report_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    write(file, "old")
    write(file, "new")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("report.json", "new")]


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write(pipe, "text")
        assert os.read(reader, 100) == b"text"
        assert pipe.is_fifo()
    finally:
        os.close(reader)


@pytest.mark.parametrize("place", ["no/such/folder/report.json", "folder"])
def test_a_place_that_cannot_hold_a_report_is_named_at_once(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match=f"{place}: the report cannot be written"):
        check_writable(tmp_path / place)


def test_a_report_that_does_not_fit_leaves_the_former_one(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    write(file, "old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    try:
        with pytest.raises(UsageError, match="File too large"):
            write(file, "x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("report.json", "old")]


def test_what_has_no_encoding_is_escaped_as_json_does_it(tmp_path: Path) -> None:
    write(tmp_path / "report.json", json.dumps("\udc80", ensure_ascii=False))
    assert json.loads((tmp_path / "report.json").read_text()) == "\udc80"


def test_a_folder_that_vanished_is_a_usage_error_too(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file or directory"):
        write(tmp_path / "gone" / "report.json", "text")
