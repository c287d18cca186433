"""The matrix: the same claims over several targets, side by side. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from docwitness.description import TargetDescription
from docwitness.evidence import Evidence
from docwitness.exchange import Exchange
from docwitness.page import Location
from docwitness.report import Report
from docwitness.rule import Rule
from docwitness.verdict import Kind, Outcome, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One target."""

    name: str
    """As the user gave it."""
    description: TargetDescription | None
    """None when it was unavailable."""
    unavailable: str = ""
    """Why it was unavailable."""
    summary: Mapping[Outcome, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One claim over one target."""

    outcome: Outcome
    rule: Rule | None
    reason: str
    exchange: Exchange | None
    """The one that decides; None when none was made."""
    change: str
    """What was changed in a sample or its request before that; empty for a sample as it stands."""

    @property
    def status(self) -> int | None:
        """That of the deciding response."""
        return None if self.exchange is None or self.exchange.response is None else self.exchange.response.status


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One claim."""

    id: str
    kind: Kind
    location: Location
    language: str
    cell: str
    row: str
    entries: Mapping[str, Entry]
    """By the name of the target."""

    @property
    def differs(self) -> bool:
        """Whether it is proven over one target and refuted over another."""
        return {entry.outcome for entry in self.entries.values()} >= {Outcome.PROVEN, Outcome.REFUTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """All claims over all targets."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    """In the order of the pages."""


def matrix(reports: Mapping[str, Report], unavailable: Mapping[str, str]) -> Matrix:
    """Lays reports side by side; `unavailable` says of targets why they were."""
    verdicts: dict[str, dict[str, Verdict]] = {}
    for name, report in reports.items():
        for verdict in report.verdicts:
            verdicts.setdefault(verdict.id, {})[name] = verdict
    return Matrix(
        columns=tuple(
            Column(name=name, description=report.target, unavailable=unavailable.get(name, ""), summary=report.summary)
            for name, report in reports.items()
        ),
        lines=tuple(_line(claim, reports) for claim in verdicts.values()),
    )


def _line(claim: Mapping[str, Verdict], reports: Mapping[str, Report]) -> Line:
    first = next(iter(claim.values()))
    return Line(
        id=first.id,
        kind=first.kind,
        location=first.location,
        language=first.language,
        cell=first.cell,
        row=first.row,
        entries={name: _entry(verdict, reports[name]) for name, verdict in claim.items()},
    )


def _entry(verdict: Verdict, report: Report) -> Entry:
    evidence = _deciding(verdict, report)
    return Entry(
        outcome=verdict.outcome,
        rule=verdict.rule,
        reason=verdict.reason,
        exchange=evidence.exchanges[-1] if evidence is not None and evidence.exchanges else None,
        change="" if evidence is None else evidence.change,
    )


def _deciding(verdict: Verdict, report: Report) -> Evidence | None:
    """The variation that decides, which follows the base as it is; of a sample its own, which set-ups follow."""
    evidence = [report.evidence[key] for key in verdict.evidence]
    varied = [each for each in evidence[1:] if each.change and each.exchanges]
    return next(iter((*varied, *evidence)), None)
