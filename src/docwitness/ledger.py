"""The ledger of a run: takes down how things come out as they do, and gives a report of what it holds at any moment."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from docwitness.checks.ruling import Ruling
from docwitness.checks.same import Difference
from docwitness.claim import Claim
from docwitness.collection import Uncollected
from docwitness.description import TargetDescription
from docwitness.evidence import Evidence
from docwitness.judging import Judged
from docwitness.page import Defect
from docwitness.report import Report
from docwitness.rule import Rule
from docwitness.sample import Sample
from docwitness.terms import terms_of
from docwitness.tool import Tool
from docwitness.trial import Attempt
from docwitness.verdict import Kind, Outcome, Verdict


@dataclass(slots=True, kw_only=True)
class Ledger:
    """Not a value: it grows during a run, and one run owns it."""

    samples: Sequence[Sample]
    """Those that must have a verdict in the end, in the order of the pages."""
    claims: Sequence[Claim] = ()
    """Those of tables that must have a verdict in the end."""
    uncollected: tuple[Uncollected, ...] = ()
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    target: TargetDescription | None = None
    tools: list[Tool] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    interrupted: bool = False
    _verdicts: dict[int, Verdict] = field(default_factory=dict)
    """By the identity of the sample."""
    _pages: list[Verdict] = field(default_factory=list)
    _claims: dict[int, Verdict] = field(default_factory=dict)
    """By the identity of the claim."""
    _evidence: dict[int, tuple[str, Evidence]] = field(default_factory=dict)
    """Key and evidence, by its identity: set-ups share theirs with what they prepared."""
    _clock: float = field(default_factory=time.perf_counter)

    def defect(self, defect: Defect) -> Verdict:
        """Takes down what is wrong with a page."""
        verdict = Verdict(
            id=f"{defect.location}:{defect.rule}",
            kind=Kind.PAGE,
            location=defect.location,
            outcome=Outcome.REFUTED,
            rule=defect.rule,
            reason=defect.message,
            hint=defect.hint,
        )
        self._pages.append(verdict)
        return verdict

    def attempt(self, attempt: Attempt) -> Verdict:
        """Takes down how a claimed step came out."""
        sample = attempt.step.sample
        evidence = (() if attempt.evidence is None else (attempt.evidence,)) + attempt.setups
        verdict = replace(self._ruled(_verdict(sample), attempt.ruling, evidence), duration_s=attempt.duration_s)
        self._verdicts[id(sample)] = verdict
        return verdict

    def differing(self, difference: Difference) -> Verdict:
        """Takes down that a proven sample is not what the others of its name are."""
        sample, ruling = difference.sample, difference.ruling
        verdict = self._ruled(self._verdicts[id(sample)], ruling, ruling.evidence)
        self._verdicts[id(sample)] = verdict
        return verdict

    def judged(self, judged: Judged) -> Verdict:
        """Takes down the verdict on a claim of a table."""
        verdict = self._ruled(_stated(judged.claim), judged.ruling, judged.ruling.evidence)
        self._claims[id(judged.claim)] = verdict
        return verdict

    def set_aside(self, sample: Sample) -> Verdict:
        """Takes down a sample that its page skips."""
        verdict = replace(_verdict(sample), rule=Rule.SKIPPED, reason=sample.directives.skip or "", set_aside=True)
        self._verdicts[id(sample)] = verdict
        return verdict

    def refuse(self, outcome: Outcome, rule: Rule, reason: str) -> None:
        """Gives one verdict to all samples and all claims of tables that have none yet."""
        for sample in self.samples:
            self._verdicts.setdefault(id(sample), replace(_verdict(sample), outcome=outcome, rule=rule, reason=reason))
        for claim in self.claims:
            self._claims.setdefault(id(claim), replace(_stated(claim), outcome=outcome, rule=rule, reason=reason))

    def report(self) -> Report:
        """What is known by now. Samples that have no verdict did not run."""
        waiting = [sample for sample in self.samples if id(sample) not in self._verdicts]
        unfinished = [
            *(_verdict(sample) for sample in waiting),
            *(_stated(claim) for claim in self.claims if id(claim) not in self._claims),
        ]
        unfinished = [
            replace(verdict, rule=Rule.NOT_RUN, reason="the run ended before this had a verdict") for verdict in unfinished
        ]
        return Report(
            started=self.started,
            duration_s=time.perf_counter() - self._clock,
            verdicts=_ordered([*self._unshown(), *self._verdicts.values(), *self._claims.values(), *unfinished]),
            evidence=dict(self._evidence.values()),
            uncollected=self.uncollected,
            target=self.target,
            tools=tuple(sorted(set(self.tools), key=lambda tool: tool.name)),
            notices=tuple(self.notices),
            interrupted=self.interrupted,
        )

    def _unshown(self) -> list[Verdict]:
        """The defects that no run of a sample shows at the same line: one finding is reported once."""
        shown = {(verdict.location.path, verdict.at, verdict.rule) for verdict in self._verdicts.values()}
        return [defect for defect in self._pages if (defect.location.path, defect.location.line, defect.rule) not in shown]

    def _ruled(self, verdict: Verdict, ruling: Ruling, evidence: Iterable[Evidence]) -> Verdict:
        """The verdict as it is ruled, with more evidence."""
        return replace(
            verdict,
            outcome=ruling.outcome,
            rule=ruling.rule,
            reason=ruling.reason,
            hint=ruling.hint,
            at=ruling.at,
            set_aside=ruling.set_aside,
            evidence=(*verdict.evidence, *map(self._key, evidence)),
        )

    def _key(self, evidence: Evidence) -> str:
        key, _ = self._evidence.setdefault(id(evidence), (f"e{len(self._evidence) + 1}", evidence))
        return key


def _verdict(sample: Sample) -> Verdict:
    """Of a sample that nothing exercised."""
    return Verdict(
        id=sample.id,
        kind=Kind.SAMPLE,
        location=sample.location,
        outcome=Outcome.UNPROVEN,
        language=sample.language,
        hash=sample.hash,
        terms=terms_of(sample),
        source=sample.source,
        sample=sample,
    )


def _stated(claim: Claim) -> Verdict:
    """Of a claim that nothing exercised."""
    origin = claim.origin
    return Verdict(
        id=claim.id,
        kind=claim.kind,
        location=origin.location,
        outcome=Outcome.UNPROVEN,
        hash=origin.hash,
        cell=claim.cell,
        row=origin.row,
    )


def _ordered(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """By place; an id that comes again (two defects of one kind in one line, two tables of one operation) gets a number."""
    seen: Counter[str] = Counter()
    ordered = []
    for verdict in sorted(verdicts, key=lambda verdict: (verdict.location, verdict.kind is Kind.SAMPLE)):
        seen[verdict.id] += 1
        repeated = verdict.kind is not Kind.SAMPLE and seen[verdict.id] > 1
        ordered.append(replace(verdict, id=f"{verdict.id}:{seen[verdict.id]}") if repeated else verdict)
    return tuple(ordered)
