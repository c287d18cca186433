"""Finds tools and asks them what they are."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docwitness.execution import Completed, Skipped
from docwitness.process import execute

_VERSION = re.compile(r"\d+(?:\.\d+)+")
_LIMIT_S = 20
_ANYWHERE = Path("/")
"""Where a tool runs that is only asked: a machine without room for temporary folders still has it."""


def find(name: str) -> str | None:
    """The absolute path of an executable: of one on PATH, or of a path that is given; None when there is none."""
    found = shutil.which(name)
    return os.path.abspath(found) if found else None  # noqa: PTH100 - resolving links would leave virtual environments


async def answer_of(command: Sequence[str | Path], folder: Path | None = None) -> str | None:
    """The standard output of a command that ends well and soon; None of any other."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}
    answer = await execute(command, folder=folder or _ANYWHERE, environment=environment, limit_s=_LIMIT_S)
    return answer.stdout if isinstance(answer, Completed) and answer.exit_status == 0 else None


async def json_of(command: Sequence[str | Path], folder: Path | None = None) -> Any:
    """The same, read as JSON; None for what is not, such as that of an interpreter which greets."""
    try:
        return json.loads(await answer_of(command, folder) or "null")
    except ValueError:
        return None


async def version_of(command: Sequence[str | Path]) -> str | Skipped:
    """The first version number that a command prints, or `unknown`; one that does not end well cannot run samples either."""
    answer = await answer_of(command)
    if answer is None:
        reason = f"`{' '.join(map(str, command))}` fails, or takes more than {_LIMIT_S} seconds"
        return Skipped(reason=reason, hint="mend it, or put another one before it on PATH")
    return version_in(answer)


def version_in(text: str) -> str:
    """The first version number in a text, or `unknown`."""
    found = _VERSION.search(text)
    return found[0] if found else "unknown"
