"""Live progress on standard error, while samples run. It shows; results are the reporters' matter."""

from __future__ import annotations

from collections import Counter
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from docwitness.events import Collected, Done, Event, Finished, Started
from docwitness.reporters.terminal import STYLES
from docwitness.verdict import Outcome

_SHOWN = 3
"""Ids of running samples that are named."""


class LiveProgress:
    """A line that tells how far the run is, and what runs now; gone when it is left."""

    def __init__(self, *, color: bool) -> None:
        columns = (SpinnerColumn(), MofNCompleteColumn(), BarColumn(20), TimeElapsedColumn(), TextColumn("{task.description}"))
        console = Console(stderr=True, no_color=not color)
        self._progress = Progress(*columns, console=console, transient=True, refresh_per_second=5)
        self._task = self._progress.add_task("", total=None)
        self._running: dict[str, None] = {}
        self._counts: Counter[Outcome] = Counter()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._progress.stop()

    def __call__(self, event: Event) -> None:
        """Listens to the events of one run."""
        match event:
            case Collected():
                self._progress.update(self._task, total=len(event.samples))
            case Started():
                self._running[event.sample.id] = None
            case Finished():
                self._finished(event)
            case Done():
                self._running.clear()
        self._progress.update(self._task, description=self._description())

    def _finished(self, event: Finished) -> None:
        self._counts[event.verdict.outcome] += 1
        self._running.pop(event.verdict.id, None)
        if event.verdict.sample is not None:
            self._progress.advance(self._task)

    def _description(self) -> str:
        counts = " ".join(f"[{STYLES[outcome]}]{count} {outcome}[/]" for outcome, count in self._counts.items())
        names = [name.replace("[", r"\[") for name in self._running]
        return f"{counts}  {', '.join(names[:_SHOWN])}{', …' if len(names) > _SHOWN else ''}"
