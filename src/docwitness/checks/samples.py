"""Judges a sample by the evidence of its run. Pure: the same sample and evidence give the same ruling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from docwitness.checks.effect import judge_effect, judge_times
from docwitness.checks.exchanges import judge_exchanges
from docwitness.checks.execution import judge_execution
from docwitness.checks.finding import Finding
from docwitness.checks.output import judge_output, judge_transcript
from docwitness.checks.response import judge_response
from docwitness.checks.ruling import Ruling, proven
from docwitness.checks.stored import judge_stored, shown_times
from docwitness.checks.writes import Written, is_write, written
from docwitness.evidence import Evidence
from docwitness.execution import Completed
from docwitness.rule import Rule
from docwitness.sample import Sample
from docwitness.verdict import Outcome

PRECEDENCE = (
    Rule.MISSING_TOOL,
    Rule.SETUP_FAILED,
    Rule.TARGET,
    Rule.SYNTAX,
    Rule.UNDEFINED_NAME,
    Rule.TIMED_OUT,
    Rule.FOREIGN_HOST,
    Rule.UNEXPECTED_STATUS,
    Rule.NO_RESPONSE,
    Rule.UNEXPECTED_REQUEST,
    Rule.COMPLAINT,
    Rule.EXIT_STATUS,
    Rule.NO_REQUEST,
    Rule.BROKEN_DATA,
    Rule.RESPONSE_DIFFERS,
    Rule.OUTPUT_DIFFERS,
    Rule.STORED_DIFFERS,
    Rule.IMPLAUSIBLE_TIME,
)
"""The most telling first: of several findings that one names the rule, the others are told beside it."""
_FINAL = frozenset({Rule.MISSING_TOOL, Rule.SETUP_FAILED, Rule.TARGET, Rule.SYNTAX})
"""Where one of these is found, the rest follows from it."""
_CONSEQUENCES = frozenset({Rule.NO_REQUEST, Rule.RESPONSE_DIFFERS, Rule.OUTPUT_DIFFERS, Rule.STORED_DIFFERS, Rule.IMPLAUSIBLE_TIME})
"""What mostly follows from any other finding; told only where there is no other."""
_TOLD_BESIDE = 2


def judge(sample: Sample, evidence: Evidence) -> Ruling:
    """The verdict on a filled sample; sample and evidence are redacted alike."""
    own = written(evidence.exchanges)
    sent = written((*evidence.earlier, *evidence.exchanges)) if evidence.earlier else own
    findings = _conduct_findings(sample, evidence)
    if not any(finding.rule in _FINAL for finding in findings):
        findings += [*_block_findings(sample, evidence), *_effect_findings(sample, evidence, sent, own)]
    findings.sort(key=lambda finding: PRECEDENCE.index(finding.rule))
    return _turned_round(sample.directives.xfail, _ruling(findings, _unseen(evidence, sent)))


def _conduct_findings(sample: Sample, evidence: Evidence) -> list[Finding]:
    """What it did otherwise than it should; only the one from which the rest follows, where there is one."""
    findings = [*judge_execution(sample, evidence.execution)]
    if not any(finding.rule in _FINAL for finding in findings):
        findings += judge_exchanges(sample, evidence)
    return [finding for finding in findings if finding.rule in _FINAL] or findings


def _block_findings(sample: Sample, evidence: Evidence) -> Iterator[Finding]:
    """What the blocks after the sample say otherwise."""
    if sample.response:
        yield from judge_response(sample.response, evidence.exchanges)
    if isinstance(evidence.execution, Completed):
        if sample.output:
            yield from judge_output(sample.output, evidence.execution.stdout)
        if sample.console:
            yield from judge_transcript(sample, evidence.execution)


def _effect_findings(sample: Sample, evidence: Evidence, sent: Written, own: Written) -> Iterator[Finding]:
    """What is stored otherwise than it was sent, or than the page shows. Times are judged of its own points only."""
    if evidence.effect is not None and sample.stored:
        yield from judge_stored(sample.stored, evidence.effect, _now_ns(evidence))
    if evidence.effect is not None and not sent.problem and not _in_part(sample, evidence):
        yield from judge_effect(sent, evidence.effect)
    yield from judge_times(own, _now_ns(evidence), shown_times(sample.stored))


def _in_part(sample: Sample, evidence: Evidence) -> bool:
    """Whether a refused write may have stored its good lines: what is stored then, only a `stored` block can say."""
    writes = [exchange for exchange in (*evidence.earlier, *evidence.exchanges) if is_write(exchange)]
    return sample.directives.scope.partial_writes and any(exchange.status == 400 for exchange in writes)


def _now_ns(evidence: Evidence) -> int:
    return evidence.ended_ns or max((exchange.ended_ns for exchange in evidence.exchanges), default=0)


def _unseen(evidence: Evidence, sent: Written) -> str:
    """What of the effect could not be looked at, in words."""
    if evidence.effect is None and any(is_write(exchange) for exchange in evidence.exchanges):
        return "what it stored was not observable: the target does not show it"
    return f"what it stored was not compared with what it sent: {sent.problem}" if sent.problem else ""


def _ruling(findings: list[Finding], unseen: str) -> Ruling:
    if not findings:
        return proven(reason=unseen)
    main, *others = findings
    told = [main, *(finding for finding in others if finding.rule not in _CONSEQUENCES or main.rule in _CONSEQUENCES)]
    reasons = list(dict.fromkeys(finding.reason for finding in told))
    return Ruling(
        outcome=main.outcome,
        rule=main.rule,
        reason="; also: ".join(reasons[: _TOLD_BESIDE + 1]),
        hint=next((finding.hint for finding in told if finding.hint), ""),
        at=main.at,
    )


def _turned_round(xfail: str | None, ruling: Ruling) -> Ruling:
    """An `xfail` sample must fail; what could not be told stays what it is."""
    if xfail is None or ruling.outcome not in (Outcome.PROVEN, Outcome.REFUTED):
        return ruling
    if ruling.outcome is Outcome.REFUTED:
        reason = f"fails as said ({xfail}): {ruling.reason}"
        return replace(ruling, outcome=Outcome.UNPROVEN, rule=Rule.EXPECTED_FAILURE, reason=reason, hint="", set_aside=True)
    reason = f"passes, though it is said to fail: {xfail}"
    return replace(ruling, outcome=Outcome.REFUTED, rule=Rule.UNEXPECTED_PASS, reason=reason, hint="take the `xfail` away")
