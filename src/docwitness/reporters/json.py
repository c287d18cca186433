"""The report as JSON, format 1, for other programs: `docs/reference/report.schema.json` describes it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import docwitness
from docwitness.collection import Uncollected
from docwitness.description import TargetDescription
from docwitness.evidence import Evidence
from docwitness.exchange import Exchange, Request, Response, StoredPoint
from docwitness.execution import Completed, Execution, Replayed, Skipped, TimedOut
from docwitness.page import Location
from docwitness.report import Report
from docwitness.verdict import Verdict

FORMAT = 1
"""Grows when a reader of the former format would misread a report; new keys alone do not make it grow."""

BODY_LIMIT = 64 * 1024
"""Bytes of a body, and characters of an output, that a report keeps."""
EFFECT_LIMIT = 1000
"""Points of an effect that a report keeps."""

Document = dict[str, Any]


class Json:
    """Format 1 of the JSON report."""

    name = "json"

    def __init__(self, *, indent: int | None = 2) -> None:
        """Without an indent, all stands in one line: that takes a fifth of the time."""
        self._indent = indent

    def render(self, report: Report) -> str:
        """One JSON object, ASCII only where JSON asks for it."""
        return json.dumps(_report(report), indent=self._indent, ensure_ascii=False) + "\n"


def _report(report: Report) -> Document:
    return {
        "format": FORMAT,
        "docwitness": docwitness.__version__,
        "started": _timestamp(report.started),
        "duration_s": round(report.duration_s, 3),
        "interrupted": report.interrupted,
        "target": None if report.target is None else target_document(report.target),
        "tools": {tool.name: tool.version for tool in report.tools},
        "summary": {str(outcome): count for outcome, count in report.summary.items()},
        "claims": [_claim(verdict) for verdict in report.verdicts],
        "evidence": _evidence(report.evidence),
        "uncollected": [uncollected(block) for block in report.uncollected],
        "notices": list(report.notices),
    }


def _timestamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def target_document(target: TargetDescription) -> Document:
    """What a target says of itself."""
    document: Document = {"kind": target.kind, "server": target.server}
    if target.profile is not None:
        document["profile"] = target.profile
    if target.address:
        document["address"] = target.address
    if target.image is not None:
        document["image"] = {"name": target.image.name, "id": target.image.id, "labels": dict(target.image.labels)}
        if target.image.digest:
            document["image"]["digest"] = target.image.digest
    return document


def _claim(verdict: Verdict) -> Document:
    document: Document = {
        "id": verdict.id,
        "kind": str(verdict.kind),
        "page": verdict.location.path,
        "line": verdict.location.line,
        "verdict": str(verdict.outcome),
        "duration_s": round(verdict.duration_s, 3),
        "evidence": list(verdict.evidence),
    }
    optional: Document = {
        "language": verdict.language,
        "hash": verdict.hash,
        "terms": verdict.terms,
        "text": "" if verdict.sample is None else verdict.sample.text,
        "first_line": None if verdict.sample is None else verdict.sample.first_line,
        "lines": [] if verdict.sample is None else list(verdict.sample.numbers),
        "at": verdict.at,
        "source": None if verdict.source is None else place(verdict.source),
        "rule": None if verdict.rule is None else str(verdict.rule),
        "reason": verdict.reason,
        "hint": verdict.hint,
        "cell": verdict.cell,
        "row": verdict.row,
        "set_aside": verdict.set_aside,
        "hidden": verdict.sample is not None and verdict.sample.hidden,
    }
    return document | {key: value for key, value in optional.items() if value}


def place(location: Location) -> Document:
    """A line of a file."""
    return {"path": location.path, "line": location.line}


def uncollected(block: Uncollected) -> Document:
    """A block that is not run, and why."""
    return {"page": block.location.path, "line": block.location.line, "language": block.language, "reason": block.reason}


def _evidence(evidence: Mapping[str, Evidence]) -> Document:
    return {key: _run(run) for key, run in evidence.items()}


def _run(run: Evidence) -> Document:
    document: Document = {
        "execution": _execution(run.execution),
        "exchanges": [exchange_document(exchange) for exchange in run.exchanges],
        "effect": None if run.effect is None else [_point(point) for point in run.effect[:EFFECT_LIMIT]],
    }
    if run.effect is not None and len(run.effect) > EFFECT_LIMIT:
        document["effect_points"] = len(run.effect)
    if run.change:
        document["change"] = run.change
    if run.refused:
        document["refused"] = [refused.host for refused in run.refused]
    return document


def _execution(execution: Execution | Replayed) -> Document:
    match execution:
        case Completed():
            document: Document = {
                "kind": "completed",
                "exit_status": execution.exit_status,
                "duration_s": round(execution.duration_s, 3),
                "stdout": _cut(execution.stdout),
                "stderr": _cut(execution.stderr),
            }
            return document | ({"complaint": execution.complaint} if execution.complaint else {})
        case TimedOut():
            return {
                "kind": "timed-out",
                "limit_s": execution.limit_s,
                "stdout": _cut(execution.stdout),
                "stderr": _cut(execution.stderr),
            }
        case Skipped():
            return {"kind": "skipped", "reason": execution.reason, "hint": execution.hint}
        case Replayed():
            return {"kind": "replayed"}


def _cut(text: str) -> str:
    return text if len(text) <= BODY_LIMIT else text[:BODY_LIMIT] + f"… ({len(text) - BODY_LIMIT} characters more)"


def exchange_document(exchange: Exchange) -> Document:
    """One request and its response."""
    document: Document = {
        "started_ns": exchange.started_ns,
        "ended_ns": exchange.ended_ns,
        "request": _request(exchange.request),
        "response": None if exchange.response is None else _response(exchange.response),
    }
    return document | ({"unreachable": exchange.unreachable} if exchange.unreachable else {})


def _request(request: Request) -> Document:
    return {"method": request.method, "target": request.target, "version": request.version} | _message(request)


def _response(response: Response) -> Document:
    return {"status": response.status, "reason": response.reason, "version": response.version} | _message(response)


def _message(message: Request | Response) -> Document:
    document: Document = {"headers": [list(header) for header in message.headers], "body": _body(message.body)}
    return document | ({"problem": message.problem} if message.problem else {})


def _body(body: bytes) -> Document:
    """Text where it is UTF-8, else base64; with the full size where it is cut."""
    kept = body[:BODY_LIMIT]
    cut = {"bytes": len(body)} if len(kept) < len(body) else {}
    try:
        # A character that the limit splits is left out; a broken one before that makes it base64.
        text = kept.decode() if not cut else _whole_characters(kept)
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(kept).decode()} | cut
    return {"text": text} | cut


def _whole_characters(kept: bytes) -> str:
    try:
        return kept.decode()
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":
            raise
        return kept[: error.start].decode()


def _point(point: StoredPoint) -> Document:
    """As the administration API writes points, with their table."""
    return {
        "table": point.table,
        "tags": dict(point.tags),
        "fields": {key: {kind: _number(value)} for key, (kind, value) in point.fields},
        "time_ns": point.time_ns,
    }


def _number(value: float | str | bool) -> float | str | bool:
    """JSON has no infinities."""
    return str(value) if value in (float("inf"), float("-inf")) else value
