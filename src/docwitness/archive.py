"""The archive: the report of the last run, kept in the project for the commands that read it."""

from __future__ import annotations

import json
from pathlib import Path

from docwitness import folder
from docwitness.documents import report_of
from docwitness.errors import UsageError
from docwitness.report import Report
from docwitness.reporters.file import put

FILE = "report.json"


def keep(root: Path, text: str) -> None:
    """Puts the JSON of a report in the place of the former one. Raises `OSError` where it cannot be written."""
    put(folder.prepared(root) / FILE, text)


def last(root: Path, file: Path | None = None) -> Report:
    """The report in `file`, or the one of the last run in the project. Raises `UsageError` when it cannot be had."""
    place = root / folder.NAME / FILE if file is None else file
    if file is None and not place.exists():
        raise UsageError("there is no report yet: `docwitness run` leaves one here, or name one with --json FILE")
    try:
        return report_of(json.loads(place.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise UsageError(f"{place}: the report cannot be read: {error}") from error
