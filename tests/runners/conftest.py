from __future__ import annotations

import os
from pathlib import Path

import pytest

from docwitness.runners.base import Workplace


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    folder = tmp_path / "work"
    folder.mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    return Workplace(folder=folder, environment=environment)
