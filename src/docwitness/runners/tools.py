"""Finds tools and asks them what they are."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from docwitness.execution import Completed
from docwitness.process import execute

_VERSION = re.compile(r"\d+(?:\.\d+)+")


def find(name: str) -> str | None:
    """The absolute path of an executable: of one on PATH, or of a path that is given; None when there is none."""
    found = shutil.which(name)
    return os.path.abspath(found) if found else None  # noqa: PTH100 - resolving links would leave virtual environments


async def answer_of(command: Sequence[str | Path], folder: Path | None = None) -> str | None:
    """The standard output of a command that ends well within 20 seconds; None of any other."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}
    answer = await execute(command, folder=folder or Path(tempfile.gettempdir()), environment=environment, limit_s=20)
    return answer.stdout if isinstance(answer, Completed) and answer.exit_status == 0 else None


async def version_of(command: Sequence[str | Path]) -> str:
    """The first version number that a command prints, or `unknown`."""
    found = _VERSION.search(await answer_of(command) or "")
    return found[0] if found else "unknown"
