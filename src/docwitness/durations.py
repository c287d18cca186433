"""How long each sample took in an earlier run: remembered in the project, so that the longest start first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

FOLDER = ".docwitness"
"""In the project; git leaves it alone, because a `.gitignore` in it says so."""


def remembered(root: Path) -> dict[str, float]:
    """Seconds by the id of the sample; nothing when there is no memory, or it cannot be read."""
    try:
        known = json.loads((root / FOLDER / "durations.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(known, dict):
        return {}
    return {name: float(seconds) for name, seconds in known.items() if isinstance(seconds, int | float)}


def prepared(root: Path) -> Path:
    """The folder, made and kept out of git. Raises `OSError` where it cannot be."""
    folder = root / FOLDER
    folder.mkdir(exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    return folder


def remember(root: Path, durations_s: Mapping[str, float]) -> None:
    """Adds to the memory of the project. Raises `OSError` where it cannot be written."""
    folder = prepared(root)
    known = remembered(root) | {name: round(seconds, 3) for name, seconds in durations_s.items()}
    (folder / "durations.json").write_text(json.dumps(known, indent=0, sort_keys=True) + "\n", encoding="utf-8")
