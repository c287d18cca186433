"""The report: all verdicts of one run with their evidence. Reporters get this and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from docwitness.collection import Uncollected
from docwitness.description import TargetDescription
from docwitness.errors import Exit
from docwitness.evidence import Evidence
from docwitness.tool import Tool
from docwitness.verdict import Outcome, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one run found out, whether or not it came to its end."""

    started: datetime
    """In UTC."""
    duration_s: float
    verdicts: tuple[Verdict, ...]
    """In the order of the pages."""
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    """By the keys that verdicts name."""
    uncollected: tuple[Uncollected, ...] = ()
    target: TargetDescription | None = None
    """None when no target was needed, or none could be had."""
    tools: tuple[Tool, ...] = ()
    notices: tuple[str, ...] = ()
    interrupted: bool = False
    """A signal ended the run before all samples had run."""

    @property
    def summary(self) -> Mapping[Outcome, int]:
        """How many claims have each verdict; all four are there."""
        counts = Counter(verdict.outcome for verdict in self.verdicts)
        return {outcome: counts[outcome] for outcome in Outcome}

    def exit_status(self, *, allow_unproven: bool = False) -> Exit:
        """The status of a run that ended in this report, faults and unavailable targets aside: those are raised."""
        if self.interrupted:
            return Exit.INTERRUPTED
        if not self.verdicts:
            return Exit.NOTHING
        failing = [verdict for verdict in self.verdicts if verdict.failing]
        if allow_unproven:
            failing = [verdict for verdict in failing if verdict.outcome is Outcome.REFUTED]
        return Exit.FAILED if failing else Exit.OK
