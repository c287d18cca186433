from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from docwitness.runners.base import Workplace


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    folder = tmp_path / "work"
    folder.mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    return Workplace(folder=folder, environment=environment)


@pytest.fixture
def need() -> Callable[[str], str]:
    """Finds a tool; without it the test is skipped, but fails in CI."""

    def find(tool: str) -> str:
        found = shutil.which(tool)
        if found is None:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{tool} is not on PATH")
        return found

    return find
