"""How long each sample took in an earlier run: remembered in the project, so that the longest start first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from docwitness import folder

_FILE = "durations.json"


def remembered(root: Path) -> dict[str, float]:
    """Seconds by the id of the sample; nothing when there is no memory, or it cannot be read."""
    try:
        known = json.loads((root / folder.NAME / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(known, dict):
        return {}
    return {name: float(seconds) for name, seconds in known.items() if isinstance(seconds, int | float)}


def remember(root: Path, durations_s: Mapping[str, float]) -> None:
    """Adds to the memory of the project. Raises `OSError` where it cannot be written."""
    file = folder.prepared(root) / _FILE
    known = remembered(root) | {name: round(seconds, 3) for name, seconds in durations_s.items()}
    file.write_text(json.dumps(known, indent=0, sort_keys=True) + "\n", encoding="utf-8")
