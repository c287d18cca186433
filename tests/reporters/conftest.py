"""Reports with one thing of each kind in them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from docwitness.collection import Uncollected
from docwitness.description import TargetDescription
from docwitness.evidence import Evidence
from docwitness.exchange import Exchange, Request, Response, StoredPoint
from docwitness.execution import Completed
from docwitness.page import Location
from docwitness.report import Report
from docwitness.rule import Rule
from docwitness.sample import Expected, Sample
from docwitness.text import digest
from docwitness.tool import Tool
from docwitness.verdict import Kind, Outcome, Verdict

TEXT = "curl --data-binary 'home temp=21.5 1735545600000000000' \\\n  https://cluster-id.influxdb.io/api/v2/write"


def exchange(**changes: Any) -> Exchange:
    request = Request(
        method="POST",
        target="/api/v2/write?bucket=b",
        version="HTTP/1.1",
        headers=(("Host", "127.0.0.1:9"), ("Authorization", "Bearer [token]")),
        body=changes.pop("body", b"home temp=21.5 1735545600000000000"),
    )
    response = Response(
        status=401,
        reason="Unauthorized",
        version="HTTP/1.1",
        headers=(("content-type", "application/json"),),
        body=b'{"code":"unauthorized","message":"no token"}',
    )
    values: dict[str, Any] = {"request": request, "response": response, "started_ns": 1, "ended_ns": 2}
    return Exchange(**(values | changes))


def evidence(**changes: Any) -> Evidence:
    values: dict[str, Any] = {
        "execution": Completed(exit_status=0, stdout="", stderr="curl: no\n", duration_s=0.02),
        "exchanges": (exchange(),),
        "effect": (
            StoredPoint(
                table="home",
                tags=(("room", "Living Room"),),
                fields=(("hum", ("int", 35)), ("note", ("string", 'a "b"')), ("ok", ("bool", True)), ("temp", ("float", 21.5))),
                time_ns=1_735_545_600_000_000_000,
            ),
        ),
    }
    return Evidence(**(values | changes))


def sample(**changes: Any) -> Sample:
    values: dict[str, Any] = {
        "id": "write-bearer",
        "location": Location("docs/write.md", 41),
        "language": "shell",
        "text": TEXT,
        "hash": digest(TEXT),
        "first_line": 42,
        "stored": Expected(location=Location("docs/write.md", 50), text="home temp=21.6 1735545600000000000", first_line=51),
    }
    return Sample(**(values | changes))


def verdict(outcome: Outcome = Outcome.PROVEN, **changes: Any) -> Verdict:
    judged = changes.pop("sample", sample())
    values: dict[str, Any] = {
        "id": judged.id,
        "kind": Kind.SAMPLE,
        "location": judged.location,
        "language": judged.language,
        "hash": judged.hash,
        "sample": judged,
        "evidence": ("e1",),
        "duration_s": 0.25,
    }
    return Verdict(outcome=outcome, **(values | changes))


def refuted(**changes: Any) -> Verdict:
    values: dict[str, Any] = {"rule": Rule.UNEXPECTED_STATUS, "reason": "expected 204, was 401", "hint": "send a token"}
    return verdict(Outcome.REFUTED, **(values | changes))


def defect() -> Verdict:
    return Verdict(
        id="docs/a.md:3:broken-fence",
        kind=Kind.PAGE,
        location=Location("docs/a.md", 3),
        outcome=Outcome.REFUTED,
        rule=Rule.BROKEN_FENCE,
        reason="never closed",
    )


def report(*verdicts: Verdict, **changes: Any) -> Report:
    values: dict[str, Any] = {
        "started": datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
        "duration_s": 4.25,
        "verdicts": verdicts,
        "evidence": {"e1": evidence()},
        "uncollected": (Uncollected(location=Location("docs/index.md", 12), language="text", reason="no runner for text"),),
        "target": TargetDescription(kind="embedded", server="docwitness 0.1.0", profile="cloud-dedicated"),
        "tools": (Tool(name="curl", version="7.88.1"),),
    }
    return Report(**(values | changes))


class Make:
    """The builders, for tests in this folder."""

    exchange = staticmethod(exchange)
    evidence = staticmethod(evidence)
    sample = staticmethod(sample)
    verdict = staticmethod(verdict)
    refuted = staticmethod(refuted)
    defect = staticmethod(defect)
    report = staticmethod(report)


@pytest.fixture
def make() -> type[Make]:
    """Builders of reports and of what is in them."""
    return Make
