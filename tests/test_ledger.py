from __future__ import annotations

from typing import Any

import pytest

from docwitness.checks.ruling import Ruling
from docwitness.errors import Exit
from docwitness.evidence import Evidence
from docwitness.execution import Completed
from docwitness.ledger import Ledger
from docwitness.page import Defect, Location
from docwitness.plan import Step
from docwitness.rule import Rule
from docwitness.sample import Sample
from docwitness.text import digest
from docwitness.trial import Attempt
from docwitness.verdict import Outcome

SAMPLE = Sample(id="one", location=Location("page.md", 9), language="shell", text="true", hash=digest("true"), first_line=10)
OTHER = Sample(id="two", location=Location("page.md", 5), language="shell", text="true", hash=digest("true"), first_line=6)


def _attempt(sample: Sample, outcome: Outcome, **changes: Any) -> Attempt:
    rule = None if outcome is Outcome.PROVEN else Rule.EXIT_STATUS
    ruling = Ruling(outcome=outcome, rule=rule, at=changes.pop("at", None), set_aside=changes.pop("aside", False))
    return Attempt(step=Step(sample=sample), ruling=ruling, **changes)


def _evidence() -> Evidence:
    return Evidence(execution=Completed(exit_status=0, stdout="", stderr="", duration_s=0.1))


def test_verdicts_come_in_the_order_of_the_page() -> None:
    ledger = Ledger(samples=(OTHER, SAMPLE))
    ledger.attempt(_attempt(SAMPLE, Outcome.PROVEN))
    ledger.attempt(_attempt(OTHER, Outcome.PROVEN))
    ledger.defect(Defect(location=Location("page.md", 7), rule=Rule.BROKEN_FENCE, message="never closed"))
    assert [verdict.id for verdict in ledger.report().verdicts] == ["two", "page.md:7:broken-fence", "one"]


def test_samples_without_a_verdict_did_not_run() -> None:
    (verdict,) = Ledger(samples=(SAMPLE,)).report().verdicts
    assert (verdict.outcome, verdict.rule, verdict.set_aside) == (Outcome.UNPROVEN, Rule.NOT_RUN, False)


def test_evidence_has_one_key_though_several_verdicts_rest_on_it() -> None:
    ledger, shared, own = Ledger(samples=(OTHER, SAMPLE)), _evidence(), _evidence()
    ledger.attempt(_attempt(OTHER, Outcome.PROVEN, evidence=shared))
    ledger.attempt(_attempt(SAMPLE, Outcome.PROVEN, evidence=own, setups=(shared,)))
    report = ledger.report()
    assert [verdict.evidence for verdict in report.verdicts] == [("e1",), ("e2", "e1")]
    assert report.evidence == {"e1": shared, "e2": own}


def test_defects_of_one_kind_in_one_line_are_told_apart() -> None:
    ledger = Ledger(samples=())
    for word in ("setpu", "sesion"):
        ledger.defect(Defect(location=Location("page.md", 7), rule=Rule.UNKNOWN_DIRECTIVE, message=f"unknown directive {word!r}"))
    ids = [verdict.id for verdict in ledger.report().verdicts]
    assert ids == ["page.md:7:unknown-directive", "page.md:7:unknown-directive:2"]


def test_a_defect_is_left_out_where_a_sample_shows_it() -> None:
    ledger = Ledger(samples=(SAMPLE,))
    for line in (10, 11):
        ledger.defect(Defect(location=Location("page.md", line), rule=Rule.EXIT_STATUS, message="will fail"))
    ledger.attempt(_attempt(SAMPLE, Outcome.REFUTED, at=10))
    assert [verdict.id for verdict in ledger.report().verdicts] == ["one", "page.md:11:exit-status"]


@pytest.mark.parametrize(
    ("outcome", "aside", "allow_unproven", "status"),
    [
        (Outcome.PROVEN, False, False, Exit.OK),
        (Outcome.REFUTED, False, False, Exit.FAILED),
        (Outcome.REFUTED, False, True, Exit.FAILED),
        (Outcome.UNPROVEN, False, False, Exit.FAILED),
        (Outcome.UNPROVEN, False, True, Exit.OK),
        (Outcome.UNPROVEN, True, False, Exit.OK),
        (Outcome.ERROR, False, False, Exit.FAILED),
        (Outcome.ERROR, False, True, Exit.OK),
    ],
)
def test_the_status_of_a_run(outcome: Outcome, aside: bool, allow_unproven: bool, status: Exit) -> None:
    ledger = Ledger(samples=(SAMPLE,))
    ledger.attempt(_attempt(SAMPLE, outcome, aside=aside))
    assert ledger.report().exit_status(allow_unproven=allow_unproven) is status


def test_interruption_comes_before_all_other_statuses() -> None:
    ledger = Ledger(samples=(SAMPLE,), interrupted=True)
    ledger.attempt(_attempt(SAMPLE, Outcome.REFUTED))
    assert ledger.report().exit_status() is Exit.INTERRUPTED


def test_nothing_to_judge_is_a_status_of_its_own() -> None:
    assert Ledger(samples=()).report().exit_status() is Exit.NOTHING
