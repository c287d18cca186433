from __future__ import annotations

from datetime import UTC, datetime

from docwitness.description import TargetDescription
from docwitness.evidence import Evidence
from docwitness.exchange import Exchange, Request, Response
from docwitness.execution import Replayed
from docwitness.matrix import matrix
from docwitness.page import Location
from docwitness.report import Report
from docwitness.rule import Rule
from docwitness.verdict import Kind, Outcome, Verdict


def _exchange(status: int | None) -> Exchange:
    request = Request(method="POST", target="/api/v2/write", version="HTTP/1.1", headers=(), body=b"")
    response = None if status is None else Response(status=status, reason="", version="HTTP/1.1", headers=(), body=b"")
    return Exchange(request=request, response=response, started_ns=0, ended_ns=1)


def _evidence(*statuses: int | None, change: str = "") -> Evidence:
    return Evidence(execution=Replayed(), exchanges=tuple(_exchange(status) for status in statuses), change=change)


def _report(outcome: Outcome, kind: Kind, evidence: list[Evidence]) -> Report:
    keys = tuple(f"e{number}" for number in range(1, len(evidence) + 1))
    rule = None if outcome is Outcome.PROVEN else Rule.NOT_RUN
    verdict = Verdict(id="one", kind=kind, location=Location("page.md", 3), outcome=outcome, rule=rule, reason="why", evidence=keys)
    return Report(
        started=datetime(2026, 11, 26, tzinfo=UTC),
        duration_s=0.1,
        verdicts=(verdict,),
        evidence=dict(zip(keys, evidence, strict=True)),
        target=TargetDescription(kind="embedded", server="docwitness"),
    )


def _status(kind: Kind, *evidence: Evidence) -> int | None:
    (line,) = matrix({"a": _report(Outcome.PROVEN, kind, list(evidence))}, {}).lines
    return line.entries["a"].status


def test_reports_stand_side_by_side() -> None:
    reports = {"a": _report(Outcome.PROVEN, Kind.ERROR, [_evidence(400)]), "b": _report(Outcome.REFUTED, Kind.ERROR, [])}
    found = matrix(reports, {})
    (line,) = found.lines
    assert [(name, entry.outcome, entry.status) for name, entry in line.entries.items()] == [
        ("a", Outcome.PROVEN, 400),
        ("b", Outcome.REFUTED, None),
    ]
    assert [column.name for column in found.columns] == ["a", "b"]


def test_the_last_answer_to_a_sample_decides_not_that_of_its_set_ups() -> None:
    assert _status(Kind.SAMPLE, _evidence(204, 401), _evidence(500)) == 401


def test_the_variation_decides_a_claim_not_the_base_as_it_is() -> None:
    assert (
        _status(Kind.PARAMETER, _evidence(204, change="as it is"), _evidence(415, change="gzip"), _evidence(400, change="x")) == 415
    )
    assert _status(Kind.PARAMETER, _evidence(204, change="as it is")) == 204


def test_what_was_never_answered_has_no_status() -> None:
    assert _status(Kind.SAMPLE, _evidence(None)) is None
    assert _status(Kind.SAMPLE) is None


def test_targets_differ_where_one_proves_what_another_refutes() -> None:
    def differs(*outcomes: Outcome) -> bool:
        reports = {outcome.value: _report(outcome, Kind.SAMPLE, []) for outcome in outcomes}
        return matrix(reports, {}).lines[0].differs

    assert differs(Outcome.PROVEN, Outcome.REFUTED)
    assert not differs(Outcome.PROVEN, Outcome.UNPROVEN)
    assert not differs(Outcome.REFUTED)


def test_a_target_that_could_not_be_had_says_why() -> None:
    (column,) = matrix({"a": _report(Outcome.ERROR, Kind.SAMPLE, [])}, {"a": "no engine"}).columns
    assert column.unavailable == "no engine"
