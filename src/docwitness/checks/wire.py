"""What a run of a sample put on the wire and left behind, without what differs from run to run. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from docwitness.checks.effect import timeless
from docwitness.exchange import Exchange, Request, StoredPoint
from docwitness.execution import Completed, Skipped, TimedOut
from docwitness.observation import Observation
from docwitness.precision import SECOND_NS, UNITS

_OF_THE_CONNECTION = frozenset({"host", "content-length"})
_BATCH = "Sending batch: "
"""Telegraf says so in its log when it begins to write."""
_AROUND_NS = 600 * SECOND_NS
"""Times within it around a request are those of the run."""
_TIME = re.compile(rb" (-?\d+)$")


@dataclass(frozen=True, slots=True)
class Wire:
    """Two runs did the same when these are equal."""

    requests: tuple[tuple[str, ...], ...]
    """Sorted: what is sent at the same time has no order."""
    answers: tuple[int, ...]
    """Statuses, sorted; 0 for none."""
    refused: frozenset[str]
    """Other hosts that were asked for."""
    succeeded: bool
    """Whether the tool ended as one whose work is done."""
    effect: frozenset[StoredPoint] | None
    """None when the target does not tell what it stores."""


def wire(observation: Observation) -> Wire:
    """That of an observation; its database is one word, and times of the run itself are another."""
    evidence = observation.evidence
    earliest_ns, latest_ns = evidence.ended_ns - _AROUND_NS, evidence.ended_ns + _AROUND_NS
    return Wire(
        requests=tuple(sorted(_request(exchange, observation.database) for exchange in evidence.exchanges)),
        answers=tuple(sorted(exchange.status for exchange in evidence.exchanges)),
        refused=frozenset(refused.host for refused in evidence.refused),
        succeeded=isinstance(evidence.execution, Completed) and evidence.execution.exit_status == 0,
        effect=None if evidence.effect is None else frozenset(timeless(point, earliest_ns, latest_ns) for point in evidence.effect),
    )


def _request(exchange: Exchange, database: str) -> tuple[str, ...]:
    request = exchange.request
    host = next((value for name, value in request.headers if name.lower() == "host"), "")
    headers = sorted(f"{name.lower()}: {value}" for name, value in request.headers if name.lower() not in _OF_THE_CONNECTION)
    target = request.target.replace(host, "[host]") if host else request.target
    parts = (request.method, target, *headers, *_lines(request, exchange.started_ns), exchange.client)
    return tuple(part.replace(database, "[database]") for part in parts)


def _lines(request: Request, now_ns: int) -> list[str]:
    """The lines of a body, sorted, with times of the run as one word."""
    lines = [
        _TIME.sub(lambda found: b" now" if _is_now(int(found[1]), now_ns) else found[0], line) for line in request.body.split(b"\n")
    ]
    return sorted(line.decode("utf-8", "backslashreplace") for line in lines)


def _is_now(number: int, now_ns: int) -> bool:
    return any(abs(number * unit_ns - now_ns) < _AROUND_NS for unit_ns in UNITS.values())


def made_request(observation: Observation) -> bool:
    """Whether the tool came to make one, whatever was answered: it accepted everything that was set."""
    evidence = observation.evidence
    return bool(evidence.exchanges or evidence.refused) or _BATCH in _log(observation)


def worked(observation: Observation) -> bool:
    """Whether all its requests were accepted, and there was one."""
    exchanges = observation.evidence.exchanges
    return bool(exchanges) and all(exchange.accepted for exchange in exchanges)


def told(observation: Observation, name: str) -> frozenset[str]:
    """What the tool said it works with under that name: in its trace, or in the object that a call returned."""
    log = _log(observation)
    found = re.findall(rf"^docwitness: {re.escape(name)}=(.*)$", log, re.MULTILINE)
    found += re.findall(rf"{_BATCH}.*\b{re.escape(name)}=(\S+?),?(?=\s|$)", log)
    return frozenset(found)


def complaint(observation: Observation) -> str:
    """Why a tool came to make no request, in its own words."""
    match observation.evidence.execution:
        case Skipped(reason=reason):
            return reason
        case TimedOut(limit_s=limit_s):
            return f"no request within {limit_s:g} s"
        case Completed(complaint=said, stderr=stderr):
            lines = [line for line in stderr.splitlines() if line.strip() and not line.startswith("docwitness: ")]
            return said or (lines[-1].strip() if lines else "no request")
        case _:
            return "no request"


def _log(observation: Observation) -> str:
    execution = observation.evidence.execution
    return execution.stderr if isinstance(execution, Completed | TimedOut) else ""


def difference(one: Observation, other: Observation) -> str:
    """In what two runs differ, in words; empty when they do not."""
    first, second = wire(one), wire(other)
    if first == second:
        return ""
    if len(first.requests) != len(second.requests):
        return f"{_count(first)} become {_count(second)}"
    if first.answers != second.answers:
        return f"status {_join(first.answers)} becomes {_join(second.answers)}"
    for before, after in zip(first.requests, second.requests, strict=True):
        gone, come = [part for part in before if part not in after], [part for part in after if part not in before]
        if gone or come:
            return f"{_shortened(gone)} becomes {_shortened(come)}"
    if first.succeeded is not second.succeeded:
        return "it succeeds" if second.succeeded else f"it fails: {complaint(other)}"
    return "other hosts are asked for" if first.refused != second.refused else "other points are stored"


def _count(wire: Wire) -> str:
    return f"{len(wire.requests)} request{'' if len(wire.requests) == 1 else 's'}"


def _join(statuses: tuple[int, ...]) -> str:
    return ", ".join(str(status) if status else "none" for status in statuses) or "none"


def _shortened(parts: list[str]) -> str:
    text = " / ".join(part for part in parts if part) or "nothing"
    return text if len(text) <= 90 else f"{text[:89]}…"
