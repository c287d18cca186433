"""From the JSON of a report back to the report. What the JSON does not hold (directives, for one) has its default."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from docwitness.collection import Uncollected
from docwitness.description import ImageDescription, TargetDescription
from docwitness.evidence import Evidence
from docwitness.exchange import Exchange, RefusedHost, Request, Response, StoredPoint
from docwitness.execution import Completed, Execution, Replayed, Skipped, TimedOut
from docwitness.page import Location
from docwitness.report import Report
from docwitness.reporters.json import FORMAT
from docwitness.rule import Rule
from docwitness.sample import Sample
from docwitness.tool import Tool
from docwitness.verdict import Kind, Outcome, Verdict

Document = Mapping[str, Any]


def report_of(document: Document) -> Report:
    """The report that a document of format 1 holds. Raises `ValueError` for anything else."""
    try:
        if document["format"] != FORMAT:
            raise ValueError(f"its format is {document['format']}, which this docwitness does not know")
        return _report(document)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it is not a report of docwitness: {error!r}") from error


def _report(document: Document) -> Report:
    return Report(
        started=datetime.strptime(document["started"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC),
        duration_s=document["duration_s"],
        verdicts=tuple(_verdict(claim) for claim in document["claims"]),
        evidence={key: _evidence(each) for key, each in document["evidence"].items()},
        uncollected=tuple(
            Uncollected(location=Location(each["page"], each["line"]), language=each["language"], reason=each["reason"])
            for each in document["uncollected"]
        ),
        target=None if document["target"] is None else _target(document["target"]),
        tools=tuple(Tool(name=name, version=version) for name, version in document["tools"].items()),
        notices=tuple(document["notices"]),
        interrupted=document["interrupted"],
    )


def _target(document: Document) -> TargetDescription:
    image = document.get("image")
    return TargetDescription(
        kind=document["kind"],
        server=document["server"],
        profile=document.get("profile"),
        address=document.get("address", ""),
        image=None
        if image is None
        else ImageDescription(
            name=image["name"], id=image["id"], digest=image.get("digest", ""), labels=tuple(image["labels"].items())
        ),
    )


def _verdict(claim: Document) -> Verdict:
    return Verdict(
        id=claim["id"],
        kind=Kind(claim["kind"]),
        location=Location(claim["page"], claim["line"]),
        outcome=Outcome(claim["verdict"]),
        language=claim.get("language", ""),
        hash=claim.get("hash", ""),
        terms=claim.get("terms", ""),
        source=None if "source" not in claim else Location(claim["source"]["path"], claim["source"]["line"]),
        sample=_sample(claim) if "text" in claim else None,
        cell=claim.get("cell", ""),
        row=claim.get("row", ""),
        rule=Rule(claim["rule"]) if "rule" in claim else None,
        reason=claim.get("reason", ""),
        hint=claim.get("hint", ""),
        at=claim.get("at"),
        duration_s=claim["duration_s"],
        evidence=tuple(claim["evidence"]),
        set_aside=claim.get("set_aside", False),
    )


def _sample(claim: Document) -> Sample:
    location = Location(claim["page"], claim["line"])
    source = claim.get("source")
    return Sample(
        id=claim["id"],
        location=location,
        language=claim["language"],
        text=claim["text"],
        hash=claim["hash"],
        first_line=claim.get("first_line") or (location.line + 1 if source is None else source["line"]),
        numbers=tuple(claim.get("lines", ())),
        hidden=claim.get("hidden", False),
        source=None if source is None else Location(source["path"], source["line"]),
    )


def _evidence(document: Document) -> Evidence:
    effect = document["effect"]
    exchanges = tuple(_exchange(exchange) for exchange in document["exchanges"])
    return Evidence(
        execution=_execution(document["execution"]),
        exchanges=exchanges,
        refused=tuple(RefusedHost(host=host) for host in document.get("refused", ())),
        effect=None if effect is None else tuple(map(StoredPoint.of, effect)),
        change=document.get("change", ""),
        ended_ns=max((exchange.ended_ns for exchange in exchanges), default=0),
    )


def _execution(document: Document) -> Execution | Replayed:
    values = {key: value for key, value in document.items() if key != "kind"}
    match document["kind"]:
        case "completed":
            return Completed(**values)
        case "timed-out":
            return TimedOut(**values)
        case "skipped":
            return Skipped(**values)
        case "replayed":
            return Replayed()
        case kind:
            raise ValueError(f"it is not a report of docwitness: {kind!r} is not a way in which a sample runs")


def _exchange(document: Document) -> Exchange:
    request, response = document["request"], document["response"]
    return Exchange(
        request=Request(method=request["method"], target=request["target"], **_message(request)),
        response=None if response is None else Response(status=response["status"], reason=response["reason"], **_message(response)),
        started_ns=document["started_ns"],
        ended_ns=document["ended_ns"],
        unreachable=document.get("unreachable", ""),
    )


def _message(document: Document) -> dict[str, Any]:
    body = document["body"]
    return {
        "version": document["version"],
        "headers": tuple((name, value) for name, value in document["headers"]),
        "body": base64.b64decode(body["base64"]) if "base64" in body else body["text"].encode(),
        "problem": document.get("problem", ""),
    }
