"""Judges tables of errors in both directions: each row is reproduced, and each error that was seen has a row. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docwitness.checks.answer import ROUTING, Answer, answer_of
from docwitness.checks.described import unknown_errors
from docwitness.checks.ruling import Deciding, Ruling, proven, refuted, unshown
from docwitness.checks.sent import aims_at
from docwitness.claim import ErrorReturned, OnlyErrors
from docwitness.elision import fits
from docwitness.exchange import Exchange, Request
from docwitness.observation import Grounds, Observation, Witnessed
from docwitness.rule import Rule

_SPACE = re.compile(r"\s+")
_FEW = 3
"""Errors that one reason names."""


def judge_error(claim: ErrorReturned, grounds: Grounds) -> Ruling:
    """Something that was sent in this run was answered so."""
    near = None
    for answer, exchange, deciding in _answers(grounds):
        if not aims_at(exchange, claim.origin.of) and not (claim.status in ROUTING and answer.status in ROUTING):
            continue
        if returns(claim, answer):
            return proven(deciding)
        if answer.status == claim.status and near is None:
            near = answer
    hint = f"with that status there was {near}" if near else "a sample with `expect=…` shows it"
    return unshown(Rule.NOT_REPRODUCED, "no sample and no variation was answered so", hint=hint)


def judge_only_errors(claim: OnlyErrors, grounds: Grounds) -> Ruling:
    """Every error that the operation was answered with has a row, and the target describes every row."""
    missing: dict[Answer, Deciding] = {}
    others = _other_operations(claim.origin.of, grounds)
    for answer, exchange, deciding in _answers(grounds):
        if not answer.failed or not _is_near(exchange.request, claim.origin.of) or exchange.request.method in others:
            continue
        if not any(returns(row, answer) for row in claim.errors):
            missing.setdefault(answer, deciding)
    if missing:
        first = list(missing)[:_FEW]
        more = f", and {len(missing) - _FEW} more" if len(missing) > _FEW else ""
        told = "; ".join(f"{answer} ({_who(missing[answer])})" for answer in first)
        return refuted(Rule.UNDOCUMENTED_ERROR, f"no row has {told}{more}", *(missing[answer] for answer in first))
    unknown = unknown_errors(claim, grounds.described)
    if unknown:
        return refuted(Rule.DRIFT, f"the OpenAPI description of the target does not have {', '.join(unknown)}")
    return proven()


def returns(claim: ErrorReturned, answer: Answer) -> bool:
    """Whether a row has that answer."""
    return (
        claim.status == answer.status
        and (claim.code is None or fits(claim.code, answer.code or ""))
        and (claim.message is None or fits(_one_line(claim.message), _one_line(answer.message or "")))
    )


def _one_line(text: str) -> str:
    """Cells of tables cannot hold line ends."""
    return _SPACE.sub(" ", text)


def _answers(grounds: Grounds) -> Iterator[tuple[Answer, Exchange, Deciding]]:
    """All of the run: those of samples first."""
    deciding: tuple[Deciding, ...] = (*grounds.witnessed, *grounds.everywhere)
    for each in deciding:
        for exchange in each.evidence.exchanges:
            yield answer_of(exchange), exchange, each


def _other_operations(operation: str, grounds: Grounds) -> frozenset[str]:
    """Other methods that its path takes too: their errors are for tables of their own."""
    answers = ((exchange.request, answer) for answer, exchange, _ in _answers(grounds) if answer.status not in ROUTING)
    taken = {request.method for request, answer in answers if answer.status and _is_near(request, operation)}
    return frozenset(taken - {operation.partition(" ")[0]})


def _is_near(request: Request, operation: str) -> bool:
    """Whether it is the operation, or its path with another method: what comes of that, its table is to say."""
    return request.path == operation.partition(" ")[2]


def _who(deciding: Deciding) -> str:
    match deciding:
        case Witnessed():
            return f"{deciding.sample.id!r}, {deciding.sample.location}"
        case Observation():
            return deciding.evidence.change
