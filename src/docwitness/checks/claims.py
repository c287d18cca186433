"""Judges claims by their grounds: one function for each kind of claim. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from docwitness.checks.described import missing_parameters
from docwitness.checks.errors import judge_error, judge_only_errors
from docwitness.checks.options import judge_option
from docwitness.checks.parameters import judge_allowed, judge_honored, judge_required
from docwitness.checks.ruling import Ruling, proven, refuted, unproven, untold
from docwitness.checks.sent import parameters_on_purpose
from docwitness.checks.signature import answer_to
from docwitness.checks.values import judge_default, judge_instant, judge_not_default, judge_only_values, judge_value
from docwitness.claim import (
    Allowed,
    Claim,
    Default,
    ErrorReturned,
    Honored,
    Instant,
    NoOthers,
    NotDefault,
    OnlyErrors,
    OnlyParameters,
    OnlyValues,
    Place,
    Required,
    Unreadable,
    Value,
)
from docwitness.directives import Role
from docwitness.observation import Grounds, Observation, Witnessed
from docwitness.rule import Rule
from docwitness.topic import Topic, topic_of


def judge(claim: Claim, claims: Sequence[Claim], grounds: Grounds) -> Ruling:
    """The verdict on a claim; `claims` are all of its table."""
    ruling = _judge(claim, claims, grounds)
    if grounds.partial and ruling.by_samples:
        reason = f"{ruling.reason}; but only some pages were run"
        return replace(ruling, reason=reason, set_aside=True)
    return ruling


def _judge(claim: Claim, claims: Sequence[Claim], grounds: Grounds) -> Ruling:
    match claim:
        case Unreadable():
            hint = "`[tool.docwitness.columns] prose` names columns that are for people only"
            return unproven(Rule.UNREADABLE_CELL, claim.problem, hint=claim.hint or hint)
        case ErrorReturned():
            return judge_error(claim, grounds)
        case OnlyErrors():
            return judge_only_errors(claim, grounds)
        case NoOthers():
            return proven()
        case _:
            return _judge_varied(claim, claims, grounds)


_About = Allowed | Required | Honored | Default | NotDefault | Value | Instant | OnlyValues
"""Claims about one parameter."""


def _judge_varied(claim: _About | OnlyParameters, claims: Sequence[Claim], grounds: Grounds) -> Ruling:
    """A claim that variations of a base decide."""
    if grounds.missing:
        return unproven(Rule.MISSING_TOOL, grounds.missing)
    baseline = grounds.baseline
    if baseline is None:
        return untold(Rule.NO_BASE, grounds.problem)
    if claim.origin.role is Role.OPTIONS:
        return judge_option(claim, claims, grounds, baseline)
    if not answer_to(baseline).accepted:
        return untold(Rule.NO_BASE, f"the request of {claim.origin.base!r}, repeated as it is: {answer_to(baseline)}", baseline)
    if isinstance(claim, OnlyParameters):
        return judge_only_parameters(claim, grounds, baseline)
    topic = topic_of(claim.name, claims, baseline.evidence.exchanges[-1].request, grounds.described)
    return _judge_topic(claim, topic, grounds, baseline)


def _judge_topic(claim: _About, topic: Topic, grounds: Grounds, baseline: Observation) -> Ruling:  # noqa: PLR0911 - one for each claim
    match claim:
        case Allowed():
            return judge_allowed(claim, topic, grounds, baseline)
        case Required():
            return judge_required(claim, topic, grounds, baseline)
        case Honored():
            return judge_honored(claim, topic, grounds, baseline)
        case Default():
            return judge_default(claim, topic, grounds, baseline)
        case NotDefault():
            return judge_not_default(claim, topic, grounds, baseline)
        case Value():
            return judge_value(claim, topic, grounds, baseline)
        case Instant():
            return judge_instant(claim, topic, grounds, baseline)
        case OnlyValues():
            return judge_only_values(claim, topic, grounds, baseline)
        case _:
            assert_never(claim)


def judge_only_parameters(claim: OnlyParameters, grounds: Grounds, baseline: Observation) -> Ruling:
    """Samples send no others on purpose, and the target describes no others."""
    sent = undocumented_parameters(claim, grounds)
    if sent:
        told = ", ".join(f"{name!r} ({place}; {each.sample.id!r}, {each.sample.location})" for name, (place, each) in sent.items())
        return refuted(Rule.UNDOCUMENTED_PARAMETER, f"no row has {told}", *(each for _, each in sent.values()))
    missing = missing_parameters(grounds.named, grounds.described)
    if missing:
        return refuted(Rule.DRIFT, f"no row has {', '.join(missing)}, which the target's OpenAPI description has", baseline)
    return proven(baseline)


def undocumented_parameters(claim: OnlyParameters, grounds: Grounds) -> dict[str, tuple[Place, Witnessed]]:
    """What samples send on purpose and no row has; where, and the first sample that does."""
    documented = {name.lower() for name in grounds.named}
    sent: dict[str, tuple[Place, Witnessed]] = {}
    for place, name, each in parameters_on_purpose(claim.origin.of, grounds.witnessed):
        if name.lower() not in documented:
            sent.setdefault(name, (place, each))
    return sent


def at_samples(claim: OnlyParameters, grounds: Grounds) -> Iterator[tuple[NoOthers, Ruling]]:
    """The same findings at the samples, where the mistake may be."""
    for name, (place, each) in undocumented_parameters(claim, grounds).items():
        sample = each.sample
        origin = replace(claim.origin, location=sample.location, row="", hash=sample.hash)
        identifier = f"{claim.origin.of}:{name}:undocumented"
        reason = f"it sends {name!r} in the {place}, and no row of {claim.origin.table} documents that"
        yield (
            NoOthers(id=identifier, origin=origin, cell=name, name=name),
            refuted(Rule.UNDOCUMENTED_PARAMETER, reason, each),
        )
