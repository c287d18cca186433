from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from docwitness.checks.ruling import Ruling
from docwitness.checks.samples import judge
from docwitness.checks.writes import WrittenPoint, points_in
from docwitness.directives import Directives
from docwitness.evidence import Evidence
from docwitness.exchange import Effect, Exchange, RefusedHost, Request, Response, StoredPoint
from docwitness.execution import Completed, Execution
from docwitness.page import Location
from docwitness.sample import Expected, Sample

NOW_NS = 1_764_000_000_000_000_000
OK = Completed(exit_status=0, stdout="", stderr="", duration_s=0.1)
HERE = Location("docs/page.md", 10)


class Bench:
    """Samples and evidence, right unless a test says otherwise."""

    now_ns = NOW_NS

    def sample(
        self, text: str = "curl …", *, response: str = "", output: str = "", stored: str | None = None, **rest: Any
    ) -> Sample:
        """Its text begins in line 11, its blocks in lines 21, 31 and 41. The rest are directives, or fields."""
        fields = {key: rest.pop(key) for key in ("console", "language", "names_target", "numbers", "source") if key in rest}
        sample = Sample(id="s", location=HERE, language="shell", text=text, hash="", first_line=11, directives=Directives(**rest))
        return replace(
            sample,
            response=_block(20, response) if response else None,
            output=_block(30, output) if output else None,
            stored=None if stored is None else _block(40, stored),
            **fields,
        )

    def exchange(self, body: str = "", status: int | None = 204, answer: str = "", **rest: Any) -> Exchange:
        """A write of `body`, answered with `status`; None for no response."""
        parts = {"method": "POST", "target": "/api/v2/write?bucket=b", "headers": (("Authorization", "Bearer [token]"),)} | rest
        headers = parts.pop("answer_headers", (("content-type", "application/json"),))
        reasons = {204: "No Content", 400: "Bad Request", 401: "Unauthorized"}
        reason = reasons.get(status or 0, "")
        response = Response(status=status or 0, reason=reason, version="HTTP/1.1", headers=headers, body=answer.encode())
        request = Request(version="HTTP/1.1", body=body.encode(), **parts)
        return Exchange(request=request, response=None if status is None else response, started_ns=NOW_NS - 5, ended_ns=NOW_NS - 2)

    def points(self, text: str) -> Effect:
        """Stored points, written as line protocol; those without a time are stored now."""
        return tuple(_stored(point) for point in points_in(text) if isinstance(point, WrittenPoint))

    def judge(
        self,
        sample: Sample,
        *exchanges: Exchange,
        execution: Execution = OK,
        stored: str | None = "",
        earlier: tuple[Exchange, ...] = (),
        refused: tuple[str, ...] = (),
    ) -> Ruling:
        """The ruling when the scope holds `stored`; None where that is not observable."""
        evidence = Evidence(
            execution=execution,
            exchanges=exchanges,
            refused=tuple(RefusedHost(host=host) for host in refused),
            earlier=earlier,
            effect=None if stored is None else self.points(stored),
            ended_ns=NOW_NS,
        )
        return judge(sample, evidence)


def _block(line: int, text: str) -> Expected:
    return Expected(location=Location("docs/page.md", line), text=text, first_line=line + 1)


def _stored(point: WrittenPoint) -> StoredPoint:
    table, tags = point.series
    return StoredPoint(
        table=table, tags=tags, fields=point.fields, time_ns=NOW_NS - 3 if point.timestamp is None else point.timestamp
    )


@pytest.fixture
def bench() -> Bench:
    return Bench()
