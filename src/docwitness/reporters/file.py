"""Writing a rendered report to where the user wants it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from docwitness.errors import UsageError

STANDARD_OUTPUT = Path("-")
_UNENCODABLE = "backslashreplace"
"""Bytes that were no text, in a request line or a file name, are escaped as JSON does it."""


def write(path: Path, text: str) -> None:
    """Puts the text there whole or not at all: readers never see half a report.

    `-` is standard output, which raises `OSError`. Raises `UsageError` where another place cannot be written.
    """
    if path == STANDARD_OUTPUT:
        sys.stdout.buffer.write(text.encode("utf-8", _UNENCODABLE))
        sys.stdout.flush()
        return
    try:
        put(path, text)
    except OSError as error:
        raise UsageError(f"{path}: the report cannot be written: {error.strerror or error}") from error


def check_writable(path: Path) -> None:
    """Raises `UsageError` for a place that can never hold a report, so that nobody waits for a run first."""
    folder = path.absolute().parent
    if path == STANDARD_OUTPUT:
        return
    if path.is_dir():
        raise UsageError(f"{path}: the report cannot be written: it is a folder")
    if not folder.is_dir():
        raise UsageError(f"{path}: the report cannot be written: there is no folder {folder}")
    if not os.access(folder, os.W_OK):
        raise UsageError(f"{path}: the report cannot be written: the folder {folder} is read-only")


def put(path: Path, text: str) -> None:
    """As `write`, but raises `OSError`."""
    if path.exists() and not path.is_file():  # a device or a pipe
        path.write_text(text, encoding="utf-8", errors=_UNENCODABLE)
        return
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.write_text(text, encoding="utf-8", errors=_UNENCODABLE)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
