"""Signatures: what of an observation is compared with another one, without what differs from scope to scope."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from docwitness.checks.answer import Answer, answer_of
from docwitness.checks.effect import NOW_NS, timeless
from docwitness.exchange import StoredPoint
from docwitness.observation import Observation
from docwitness.precision import SECOND_NS

_KEPT = 4096
"""Observations whose signature is remembered: each is compared with many."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Two variations did the same when these are equal."""

    answer: Answer
    effect: frozenset[StoredPoint] | None
    """None when the target does not tell what it stores."""


@lru_cache(maxsize=_KEPT)
def answer_to(observation: Observation) -> Answer:
    """How the target answered."""
    exchanges = observation.evidence.exchanges
    return answer_of(exchanges[-1]) if exchanges else Answer(0)


@lru_cache(maxsize=_KEPT)
def signature(observation: Observation) -> Signature:
    """Names of its own database are compared as one word; so are times that are those of the request itself."""
    answer, exchanges = answer_to(observation), observation.evidence.exchanges
    earliest_ns = min((exchange.started_ns for exchange in exchanges), default=0) - SECOND_NS
    latest_ns = max((exchange.ended_ns for exchange in exchanges), default=0) + SECOND_NS
    message = None if answer.message is None else answer.message.replace(observation.database, "[database]")
    effect = observation.evidence.effect
    return Signature(
        answer=Answer(answer.status, answer.code, message),
        effect=None if effect is None else frozenset(timeless(point, earliest_ns, latest_ns) for point in effect),
    )


def times_given(observation: Observation) -> frozenset[int]:
    """When its points are stored, in nanoseconds, but for those whose time is that of the request itself."""
    effect = signature(observation).effect or ()
    return frozenset(point.time_ns for point in effect if point.time_ns != NOW_NS)


def difference(one: Observation, other: Observation) -> str:
    """In what two observations differ, in words; empty when they do not."""
    first, second = signature(one), signature(other)
    if first.answer != second.answer:
        return f"{first.answer} becomes {second.answer}"
    if first.effect != second.effect:
        return "other points are stored"
    return ""
