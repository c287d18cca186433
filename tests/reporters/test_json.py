from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from docwitness.documents import report_of
from docwitness.exchange import Response
from docwitness.execution import Skipped, TimedOut
from docwitness.reporters.json import BODY_LIMIT, EFFECT_LIMIT, Json

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/report.schema.json").read_text(encoding="utf-8"))


def _document(report: Any) -> Any:
    document = json.loads(Json().render(report))
    Draft202012Validator(SCHEMA).validate(document)
    return document


def _body(make: Any, body: bytes) -> Any:
    report = make.report(make.verdict(), evidence={"e1": make.evidence(exchanges=(make.exchange(body=body),))})
    return _document(report)["evidence"]["e1"]["exchanges"][0]["request"]["body"]


def test_a_claim_has_its_place_its_verdict_and_its_evidence(make: Any) -> None:
    (claim,) = _document(make.report(make.refuted(at=43)))["claims"]
    assert claim == {
        "id": "write-bearer",
        "kind": "sample",
        "page": "docs/write.md",
        "line": 41,
        "at": 43,
        "language": "shell",
        "hash": make.sample().hash,
        "text": make.sample().text,
        "first_line": 42,
        "verdict": "refuted",
        "rule": "unexpected-status",
        "reason": "expected 204, was 401",
        "hint": "send a token",
        "duration_s": 0.25,
        "evidence": ["e1"],
    }


def test_what_is_not_known_is_absent(make: Any) -> None:
    (claim,) = _document(make.report(make.verdict()))["claims"]
    assert not {"rule", "reason", "hint", "at", "source", "set_aside", "hidden"} & set(claim)


def test_the_circumstances_of_the_run(make: Any) -> None:
    document = _document(make.report(make.verdict(), notices=("placeholder TOKEN is used by no page",)))
    assert document["started"] == "2026-11-22T12:00:00Z"
    assert document["target"] == {"kind": "embedded", "server": "docwitness 0.1.0", "profile": "cloud-dedicated"}
    assert document["tools"] == {"curl": "7.88.1"}
    assert document["summary"] == {"proven": 1, "refuted": 0, "unproven": 0, "error": 0}
    assert document["uncollected"] == [{"page": "docs/index.md", "line": 12, "language": "text", "reason": "no runner for text"}]
    assert document["notices"] == ["placeholder TOKEN is used by no page"]


def test_a_run_without_a_target_says_so(make: Any) -> None:
    assert _document(make.report(target=None))["target"] is None


def test_a_point_is_written_as_the_administration_api_writes_it(make: Any) -> None:
    (point,) = _document(make.report(make.verdict()))["evidence"]["e1"]["effect"]
    assert point == {
        "table": "home",
        "tags": {"room": "Living Room"},
        "fields": {"hum": {"int": 35}, "note": {"string": 'a "b"'}, "ok": {"bool": True}, "temp": {"float": 21.5}},
        "time_ns": 1_735_545_600_000_000_000,
    }


def test_an_effect_that_nobody_could_observe_is_null(make: Any) -> None:
    report = make.report(make.verdict(), evidence={"e1": make.evidence(effect=None)})
    assert _document(report)["evidence"]["e1"]["effect"] is None


def test_infinity_is_a_text_because_json_has_none(make: Any) -> None:
    (point,) = make.evidence().effect
    infinite = type(point)(table="t", tags=(), fields=(("f", ("float", float("-inf"))),), time_ns=0)
    report = make.report(make.verdict(), evidence={"e1": make.evidence(effect=(infinite,))})
    assert _document(report)["evidence"]["e1"]["effect"][0]["fields"] == {"f": {"float": "-inf"}}


def test_many_points_are_cut_and_counted(make: Any) -> None:
    points = make.evidence().effect * (EFFECT_LIMIT + 5)
    document = _document(make.report(make.verdict(), evidence={"e1": make.evidence(effect=points)}))
    assert len(document["evidence"]["e1"]["effect"]) == EFFECT_LIMIT
    assert document["evidence"]["e1"]["effect_points"] == EFFECT_LIMIT + 5


def test_a_body_is_text_when_it_is_utf8(make: Any) -> None:
    assert _body(make, "température".encode()) == {"text": "température"}


def test_a_body_that_is_not_utf8_is_base64(make: Any) -> None:
    assert _body(make, b"\xff\x00") == {"base64": base64.b64encode(b"\xff\x00").decode()}


def test_a_large_body_is_cut_between_characters(make: Any) -> None:
    body = "é".encode() * BODY_LIMIT
    assert _body(make, b"x" + body) == {"text": "x" + "é" * (BODY_LIMIT // 2 - 1), "bytes": len(body) + 1}


def test_a_large_body_that_is_not_utf8_is_cut_too(make: Any) -> None:
    cut = _body(make, b"\xff" * (BODY_LIMIT + 1))
    assert cut == {"base64": base64.b64encode(b"\xff" * BODY_LIMIT).decode(), "bytes": BODY_LIMIT + 1}


@pytest.mark.parametrize(
    ("execution", "expected"),
    [
        (TimedOut(limit_s=3, stdout="a", stderr="b"), {"kind": "timed-out", "limit_s": 3, "stdout": "a", "stderr": "b"}),
        (Skipped(reason="no curl", hint="install it"), {"kind": "skipped", "reason": "no curl", "hint": "install it"}),
    ],
)
def test_each_kind_of_execution_is_told_apart(make: Any, execution: Any, expected: Any) -> None:
    report = make.report(make.verdict(), evidence={"e1": make.evidence(execution=execution)})
    assert _document(report)["evidence"]["e1"]["execution"] == expected


def test_a_connection_without_a_response_is_null(make: Any) -> None:
    report = make.report(make.verdict(), evidence={"e1": make.evidence(exchanges=(make.exchange(response=None),))})
    assert _document(report)["evidence"]["e1"]["exchanges"][0]["response"] is None


def test_what_is_no_response_is_in_a_valid_report_and_read_back(make: Any) -> None:
    response = Response(status=0, reason="", version="", headers=(), body=b"SSH-2.0-x\r\n", problem="this is not an HTTP response")
    exchange = make.exchange(response=response)
    document = _document(make.report(make.verdict(), evidence={"e1": make.evidence(exchanges=(exchange,))}))
    (read,) = report_of(document).evidence["e1"].exchanges
    assert read.response == response


def test_a_target_that_was_not_reached_is_told_and_read_back(make: Any) -> None:
    nobody = make.exchange(response=None, unreachable="connection refused")
    document = _document(make.report(make.verdict(), evidence={"e1": make.evidence(exchanges=(nobody,))}))
    assert document["evidence"]["e1"]["exchanges"][0]["unreachable"] == "connection refused"
    assert report_of(document).evidence["e1"].exchanges == (nobody,)


def test_a_defect_of_a_page_is_a_claim(make: Any) -> None:
    (claim,) = _document(make.report(make.defect()))["claims"]
    assert (claim["kind"], claim["page"], claim["line"], claim["evidence"]) == ("page", "docs/a.md", 3, [])


def test_the_schema_wants_a_rule_for_what_is_not_proven(make: Any) -> None:
    with pytest.raises(ValidationError, match="'rule' is a required property"):
        _document(make.report(make.refuted(rule=None)))
