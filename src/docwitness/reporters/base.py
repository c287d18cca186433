"""The contract of a reporter."""

from __future__ import annotations

from typing import Protocol

from docwitness.report import Report


class Reporter(Protocol):
    """Turns a report into text. It hears of a run when the run has ended; live displays listen to events instead."""

    @property
    def name(self) -> str:
        """The word that the command line uses."""
        ...

    def render(self, report: Report) -> str:
        """The whole text, with a newline at its end."""
        ...
