"""Exhibits: the recorded evidence behind each mark, one small JSON file a mark, which a page loads when a reader opens it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from docwitness.evidence import Evidence
from docwitness.exchange import Exchange, Request, Response
from docwitness.report import Report
from docwitness.text import digest
from docwitness.verdict import Kind, Verdict

FOLDER = "evidence"
"""Of the exhibits, in the folder of the site's pages."""

_NAME_LENGTH = 16
_EXCHANGES = 6
"""That are shown of one run."""
_POINTS = 20
_BODY_LIMIT = 4096
"""Characters that are shown of a body."""

Document = dict[str, Any]


def name_of(verdict: Verdict) -> str:
    """The name of the exhibit that a claim belongs to: a sample has its own, all claims of a row share one."""
    owner = f"sample {verdict.id}" if verdict.kind is Kind.SAMPLE else f"row {verdict.location}"
    return digest(owner)[:_NAME_LENGTH]


def write(report: Report, folder: Path) -> int:
    """Writes all exhibits into a folder of their own, where those of an earlier run go. Returns how many there are."""
    clear(folder)
    folder.mkdir(exist_ok=True)
    number = 0
    for name, document in exhibits(report):
        (folder / f"{name}.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8", errors="backslashreplace")
        number += 1
    return number


def clear(folder: Path) -> None:
    """Takes the exhibits of an earlier run away."""
    for file in folder.glob("*.json"):
        file.unlink()


def exhibits(report: Report) -> Iterator[tuple[str, Document]]:
    """The name and the document of every exhibit. Claims without evidence have none of their own."""
    claims = sorted((verdict for verdict in report.verdicts if verdict.kind is not Kind.PAGE), key=name_of)
    for name, group in groupby(claims, key=name_of):
        verdicts = tuple(group)
        keys = dict.fromkeys(key for verdict in verdicts for key in verdict.evidence)
        if keys:
            yield (
                name,
                {
                    "server": report.target.server if report.target else "",
                    "started": f"{report.started:%Y-%m-%dT%H:%M:%SZ}",
                    "claims": [_claim(verdict) for verdict in verdicts],
                    "runs": [_run(report.evidence[key]) for key in keys],
                },
            )


def _claim(verdict: Verdict) -> Document:
    says = "this sample" if verdict.kind is Kind.SAMPLE else verdict.cell or verdict.id
    return {"id": verdict.id, "says": says, "verdict": str(verdict.outcome), "reason": verdict.reason}


def _run(evidence: Evidence) -> Document:
    document: Document = {"exchanges": [_exchange(exchange) for exchange in evidence.exchanges[:_EXCHANGES]]}
    left_out = len(evidence.exchanges) - _EXCHANGES
    if left_out > 0:
        document["left_out"] = left_out
    if evidence.change:
        document["change"] = evidence.change
    if evidence.effect is not None:
        document["stored"] = [point.line for point in islice(evidence.effect, _POINTS)]
        document["points"] = len(evidence.effect)
    return document


def _exchange(exchange: Exchange) -> Mapping[str, str]:
    answer = exchange.silence if exchange.response is None else _message(exchange.response)
    return {"request": _message(exchange.request), "response": answer}


def _message(message: Request | Response) -> str:
    head = "\n".join([message.start_line, *(f"{name}: {value}" for name, value in message.headers)])
    body = message.body.decode(errors="backslashreplace")
    return head + (f"\n\n{_cut(body)}" if body else "")


def _cut(body: str) -> str:
    return body if len(body) <= _BODY_LIMIT else f"{body[:_BODY_LIMIT]}… ({len(body) - _BODY_LIMIT} characters more)"
