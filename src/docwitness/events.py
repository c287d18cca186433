"""What happens during a run, as it happens. Progress displays listen; nothing in the engine depends on who does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from docwitness.report import Report
from docwitness.sample import Sample
from docwitness.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """The pages are read; these samples will be judged."""

    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A sample starts, as itself or as what another one needs before it."""

    sample: Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A claim has its verdict."""

    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The run has ended, in whatever way."""

    report: Report


Event = Collected | Started | Finished | Done
Listener = Callable[[Event], None]
