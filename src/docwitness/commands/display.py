"""What standard output and standard error can show."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TextIO

import click

_TOLD = ("docwitness.containers", "docwitness.targets")
"""Loggers of what can keep a user waiting before the first sample runs."""


def colored(stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether to write colours: `NO_COLOR` forbids them, `FORCE_COLOR` asks for them, else a terminal that is not dumb has them."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return stream.isatty() and environment.get("TERM") != "dumb"


def live(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether standard error can show a line that changes: it is a terminal, and nobody's `CI`."""
    return sys.stderr.isatty() and not environment.get("CI") and environment.get("TERM") != "dumb"


class _StandardError(logging.Handler):
    """Asks for the stream anew with each line: a live display takes its place, and shows the line above itself."""

    def emit(self, record: logging.LogRecord) -> None:
        click.echo(f"docwitness: {record.getMessage()}", err=True)


@contextmanager
def told() -> Iterator[None]:
    """What targets are busy with goes to standard error."""
    handler = _StandardError(logging.INFO)
    loggers = [logging.getLogger(name) for name in _TOLD]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
