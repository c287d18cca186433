"""Judges the exchanges of a sample: where they went, how many there were, and how they were answered."""

from __future__ import annotations

import json
from collections.abc import Iterator

from docwitness.checks.finding import Finding
from docwitness.checks.hints import status_hint
from docwitness.checks.response import shown_response
from docwitness.directives import Expect
from docwitness.evidence import Evidence
from docwitness.exchange import Exchange, Response
from docwitness.rule import Rule
from docwitness.sample import Sample
from docwitness.verdict import Outcome

_BY_DEFAULT = Expect()


def judge_exchanges(sample: Sample, evidence: Evidence) -> Iterator[Finding]:
    """What is wrong with them."""
    exchanges = evidence.exchanges
    if exchanges and all(exchange.unreachable for exchange in exchanges):
        reason = f"the target cannot be reached: {exchanges[0].unreachable}"
        yield Finding(rule=Rule.TARGET, reason=reason, outcome=Outcome.ERROR)
        return
    for refused in evidence.refused:
        yield Finding(
            rule=Rule.FOREIGN_HOST,
            reason=f"it wants to reach {refused.host}, which is not its target",
            hint="placeholders of the configuration fill in the target's address: is it written as one of them?",
        )
    expect = sample.directives.expect
    if expect is not None and not expect.requests:
        yield from _unexpected(exchanges)
    elif not exchanges:
        yield from _none(sample, expect)
    else:
        yield from _statuses(sample, exchanges, expect or _BY_DEFAULT, evidence)


def _unexpected(exchanges: tuple[Exchange, ...]) -> Iterator[Finding]:
    if exchanges:
        yield Finding(rule=Rule.UNEXPECTED_REQUEST, reason=f"expected no request, was {_named(exchanges[0])}")


def _none(sample: Sample, expect: Expect | None) -> Iterator[Finding]:
    if expect is None and not sample.names_target:
        return
    why = "its target's address stands in it" if expect is None else f"expect={','.join(expect.statuses)}"
    yield Finding(
        rule=Rule.NO_REQUEST,
        reason=f"expected a request ({why}), but none reached the target",
        hint="is it called, awaited, flushed and closed? `expect=none` says that it makes none",
    )


def _statuses(sample: Sample, exchanges: tuple[Exchange, ...], expect: Expect, evidence: Evidence) -> Iterator[Finding]:
    statuses = expect.statuses * len(exchanges) if len(expect.statuses) == 1 else expect.statuses
    for status, exchange in zip(statuses, exchanges, strict=False):
        if exchange.response is None:
            yield Finding(
                rule=Rule.NO_RESPONSE, reason=f"expected {status}, but {_named(exchange)} got no response: {_cause(exchange)}"
            )
        elif not _is(status, exchange.response.status):
            reason = f"expected {status}, was {_answer(exchange.response)} for {_named(exchange)}"
            shown = _as_shown(sample, exchange.response) if len(exchanges) == 1 else ""
            hint = shown or status_hint(sample, exchange, evidence.execution)
            yield Finding(rule=Rule.UNEXPECTED_STATUS, reason=reason, hint=hint)
    if len(statuses) != len(exchanges):
        reason = f"expected {len(statuses)} requests ({', '.join(statuses)}), were {len(exchanges)}"
        yield Finding(rule=Rule.UNEXPECTED_REQUEST, reason=reason)


def _as_shown(sample: Sample, response: Response) -> str:
    """Words for a status that the page shows in a response block, and expects nowhere."""
    if sample.response is None or sample.directives.expect is not None:
        return ""
    shown = shown_response(sample.response.text).status == str(response.status)
    return f"the response block shows {response.status}: say `expect={response.status}` as well" if shown else ""


def _is(expected: str, status: int) -> bool:
    return expected == str(status) or (expected.lower().endswith("xx") and expected[:1] == str(status)[:1])


def _cause(exchange: Exchange) -> str:
    return exchange.unreachable or exchange.request.problem or "the connection ended"


def _named(exchange: Exchange) -> str:
    request = exchange.request
    return request.operation if request.method else "something that is not HTTP"


def _answer(response: Response) -> str:
    """The status, and what the body says of it."""
    if not response.status:
        return "no HTTP response"
    try:
        body = json.loads(response.body)
        words = f"{body['code']}: {body['message']}"
    except (ValueError, KeyError, TypeError):
        words = response.body.decode("utf-8", "replace").strip() or response.reason
    words = " ".join(words.split())[:300]
    return f"{response.status} ({words})" if words else str(response.status)
