from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from docwitness.throwaway import throwaway

DEEPER_THAN_PYTHON = 3000
"""Folders inside each other; more than it calls functions, more than files may be open, and a path longer than any call takes."""


def test_it_is_there_while_it_is_entered() -> None:
    with throwaway() as folder:
        (folder / "inner").mkdir()
        (folder / "inner" / "file").write_text("a")
    assert not folder.exists()


def test_however_deep_it_is_it_goes() -> None:
    deepen = f"import os\nfor _ in range({DEEPER_THAN_PYTHON}): os.mkdir('d'); os.chdir('d'); open('file', 'w').close()"
    with throwaway() as folder:
        subprocess.run([sys.executable, "-c", deepen], cwd=folder, check=True)
    assert not folder.exists()


def test_whatever_stands_in_it_goes_and_nothing_that_it_leads_to(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o750)
    (outside / "file").write_text("mine")
    with throwaway() as folder:
        (folder / "folder-link").symlink_to(outside)
        (folder / "file-link").symlink_to(outside / "file")
        os.mkfifo(folder / "fifo")
        (folder / os.fsdecode(b"\\xff\\n")).touch()
        (folder / "closed").mkdir()
        (folder / "closed" / "link").symlink_to(outside)
        (folder / "closed").chmod(0)
        folder.chmod(0)
    assert not folder.exists()
    assert [(outside / "file").read_text(), oct(outside.stat().st_mode)] == ["mine", "0o40750"]


def test_one_that_is_gone_already_is_no_trouble() -> None:
    with throwaway() as folder:
        folder.rmdir()
    assert not folder.exists()


def test_a_place_that_cannot_be_written_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/proc/self")
    with pytest.raises(OSError, match="/proc/self"), throwaway():
        pass
