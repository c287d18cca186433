"""Judges what a table says of the values of a parameter: that each is taken and does what its row says, and no others are. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docwitness.battery import battery
from docwitness.checks.described import default_drift, is_described, is_described_default, value_drift
from docwitness.checks.effect import judge_effect, moment
from docwitness.checks.parameters import changing
from docwitness.checks.ruling import UNSEEN, Ruling, proven, refuted, unproven, unshown
from docwitness.checks.sent import values_accepted, values_on_purpose
from docwitness.checks.signature import answer_to, difference, signature, times_given
from docwitness.checks.writes import WrittenPoint, as_line, points_in, written
from docwitness.claim import Default, Instant, NotDefault, OnlyValues, Value
from docwitness.elision import MARK, fits
from docwitness.observation import Grounds, Observation
from docwitness.precision import UNITS
from docwitness.rule import Rule
from docwitness.topic import Topic
from docwitness.verdict import Outcome

_FEW = 6
"""Values that one reason names."""


def judge_value(claim: Value, topic: Topic, grounds: Grounds, baseline: Observation) -> Ruling:
    """It is accepted, what was sent is what is stored, and its unit and synonyms are those of its row."""
    if not topic.sends(claim.value):
        return _judge_unsent(claim, topic, grounds)
    if claim.same_as is not None and MARK in claim.same_as:
        return _unsendable(claim.same_as)
    tried = grounds.observations[topic.documented(claim.value, topic.place, claim.same_as)]
    answer = answer_to(tried)
    if not answer.accepted:
        return refuted(Rule.VALUE_REFUSED, f"{claim.value!r} is refused: {answer}", baseline, tried)
    if drift := value_drift(claim, grounds.described):
        return refuted(Rule.DRIFT, drift, baseline, tried)
    if claim.same_as is not None:
        ruling = _judge_synonym(claim, claim.same_as, topic, grounds)
    else:
        ruling = _judge_effect(claim, tried, baseline)
    return _where_read(ruling, topic, grounds, baseline, told=is_described(claim.name, grounds.described))


def _where_read(ruling: Ruling, topic: Topic, grounds: Grounds, baseline: Observation, *, told: bool = False) -> Ruling:
    """Unproven where nothing shows that the target reads the parameter: there, any value is accepted, and does the same.

    That is no matter where the row says that it is ignored, or where the target has `told` what is claimed.
    """
    is_shown = told or topic.is_ignored or topic.frames or changing(topic, grounds, baseline) is not None
    if is_shown or ruling.outcome is not Outcome.PROVEN:
        return ruling
    if not grounds.observable:
        return unproven(Rule.NOT_OBSERVABLE, UNSEEN, baseline)
    reason = f"any value is accepted of what is not read, and nothing that was tried on {topic.name} changes anything"
    hint = "a row may say that it is ignored"
    return unproven(Rule.NOT_SHOWN, reason, baseline, grounds.observations[topic.nonsense(topic.place)], hint=hint)


def _judge_effect(claim: Value, tried: Observation, baseline: Observation) -> Ruling:
    """What was sent is what is stored, at times in the unit that its row names."""
    effect = tried.evidence.effect
    if effect is None and claim.unit_ns is not None:
        return unproven(Rule.NOT_OBSERVABLE, "its unit shows only in what is stored, which this target does not tell", tried)
    if effect is None:
        return proven(baseline, tried)
    for finding in judge_effect(written(tried.evidence.exchanges), effect):
        return refuted(Rule.VALUE_DIFFERS, f"with {claim.value!r}: {finding.reason}", baseline, tried)
    if claim.unit_ns is None:
        return proven(baseline, tried)
    if not any(_times(tried)):
        return _untimed(tried)
    wrong = _wrong_unit(tried, claim.unit_ns)
    return refuted(Rule.VALUE_DIFFERS, wrong, baseline, tried) if wrong else proven(baseline, tried)


def _judge_unsent(claim: Value, topic: Topic, grounds: Grounds) -> Ruling:
    """A value that is shown in part, or frames the body, can only be sent by a sample."""
    for value, each in values_accepted(claim.name, topic.place, grounds.witnessed):
        if _documents((claim.value,), value, grounds):
            return proven(each, reason=f"sent by {each.sample.id!r}")
    return unshown(Rule.NOT_SHOWN, f"no sample that is accepted sends {claim.name} with a value such as {claim.value!r}")


def _unsendable(value: str) -> Ruling:
    return unproven(Rule.NOT_SHOWN, f"it is shown in part, or frames the body, so that it cannot be sent as it stands: {value!r}")


def _judge_synonym(claim: Value, other: str, topic: Topic, grounds: Grounds) -> Ruling:
    tried = grounds.observations[topic.documented(claim.value, topic.place, other)]
    main = grounds.observations[topic.documented(other, topic.place)]
    if topic.is_unit and not any(_times(tried)):
        return _untimed(tried)
    if signature(tried) == signature(main):
        return proven(main, tried)
    reason = f"{claim.value!r} does not do the same as {other!r}: {difference(main, tried)}"
    return refuted(Rule.VALUE_DIFFERS, reason, main, tried)


def _wrong_unit(tried: Observation, unit_ns: int) -> str:
    """What is stored at another time than its line has in that unit."""
    stored = {point.time_ns for point in tried.evidence.effect or ()}
    for timestamp in _times(tried):
        if timestamp * unit_ns not in stored:
            found = next(iter(tried.evidence.effect or ()), None)
            shown = "nothing" if found is None else as_line(found)
            return f"the time {timestamp} × {unit_ns} ns was expected to be stored, was {shown}"
    return ""


def _times(observation: Observation) -> Iterator[int]:
    """The times that its lines have; all units have the same 0."""
    for exchange in observation.evidence.exchanges:
        for line in points_in(exchange.request.body.decode("utf-8", "replace")):
            if isinstance(line, WrittenPoint) and line.timestamp is not None:
                yield line.timestamp


def _untimed(tried: Observation) -> Ruling:
    reason = "units show only in times, and no line of the base has one"
    return unproven(Rule.NOT_OBSERVABLE, reason, tried, hint="a base whose lines have times shows them")


def judge_instant(claim: Instant, topic: Topic, grounds: Grounds, baseline: Observation) -> Ruling:
    """Lines with that number, in that unit, are stored at the moment that the heading names."""
    tried = grounds.observations[topic.instant(claim.value, claim.number)]
    answer = answer_to(tried)
    if not answer.accepted:
        return refuted(Rule.VALUE_REFUSED, f"{claim.number} with {claim.value!r} is refused: {answer}", baseline, tried)
    if tried.evidence.effect is None:
        return unproven(Rule.NOT_OBSERVABLE, "it shows only in what is stored, which this target does not tell", tried)
    if not list(_times(tried)):
        return _untimed(tried)
    times = times_given(tried)
    if times == {claim.time_ns}:
        return _where_read(proven(tried), topic, grounds, baseline, told=is_described(claim.name, grounds.described))
    stored = ", ".join(moment(time_ns) for time_ns in sorted(times)) or "nothing"
    reason = f"{claim.number} in {claim.value!r} is {stored}, not {moment(claim.time_ns)}"
    return refuted(Rule.VALUE_DIFFERS, reason, baseline, tried)


def judge_default(claim: Default, topic: Topic, grounds: Grounds, baseline: Observation) -> Ruling:
    """Left out is the same as given, and not the same as another value where values differ."""
    if MARK in claim.value or topic.frames:
        return _unsendable(claim.value)
    without = grounds.observations[topic.left_out_as(claim.value)]
    same = grounds.observations[topic.plain(claim.value, topic.place)]
    if differs := _default_differs(claim.value, without, same):
        return refuted(Rule.DEFAULT_DIFFERS, differs, baseline, without, same)
    if signature(without).effect is None:
        return unproven(Rule.NOT_OBSERVABLE, UNSEEN, without, same)
    drift = default_drift(claim, grounds.described)
    if drift:
        return refuted(Rule.DRIFT, drift, without, same)
    told = is_described_default(claim, grounds.described)
    if topic.is_unit and not told and not any(_times(without)):
        return _untimed(without)
    return _where_read(proven(without, same), topic, grounds, baseline, told=told)


def _default_differs(value: str, without: Observation, same: Observation) -> str:
    """In what leaving it out is another thing than giving it, in words; empty where both are accepted and do the same."""
    if change := difference(without, same):
        return f"leaving it out is not the same as {value!r}: {change} where it is given"
    answer = answer_to(without)
    return "" if answer.accepted else f"neither leaving it out nor {value!r} is accepted: {answer}"


def judge_not_default(claim: NotDefault, topic: Topic, grounds: Grounds, baseline: Observation) -> Ruling:
    """Left out is refused, or not the same as given."""
    if MARK in claim.value or topic.frames:
        return _unsendable(claim.value)
    without = grounds.observations[topic.left_out_as(claim.value)]
    same = grounds.observations[topic.plain(claim.value, topic.place)]
    if not answer_to(without).accepted or difference(without, same):
        return proven(without, same)
    if signature(without).effect is None:
        return unproven(Rule.NOT_OBSERVABLE, UNSEEN, without, same)
    if topic.is_unit and not any(_times(without)):
        return _untimed(without)
    if changing(topic, grounds, baseline) is None:
        return _where_read(proven(without, same), topic, grounds, baseline)
    reason = f"said not to be the default, is: leaving it out is the same as {claim.value!r}"
    return refuted(Rule.DEFAULT_DIFFERS, reason, baseline, without, same)


def judge_only_values(claim: OnlyValues, topic: Topic, grounds: Grounds, baseline: Observation) -> Ruling:
    """Nonsense is refused, samples use no others on purpose, and the target describes no others."""
    if claim.synonyms_of is not None:
        ruling = _judge_only_synonyms(claim, claim.synonyms_of, topic, grounds)
        return _where_read(ruling, topic, grounds, baseline)
    missing = _sent_beside(claim, topic, grounds) or _described_beside(claim, topic, grounds, baseline)
    if missing is not None:
        return missing
    if not claim.closed or topic.frames:
        return proven(baseline)
    if changing(topic, grounds, baseline) is None:
        return _where_read(proven(baseline), topic, grounds, baseline)
    nonsense = grounds.observations[topic.nonsense(topic.place)]
    if answer_to(nonsense).accepted:
        reason = f"they are not a closed list: {nonsense.evidence.change} is accepted"
        hint = "`such as` before them says that they are examples"
        return refuted(Rule.UNDOCUMENTED_VALUE, reason, baseline, nonsense, hint=hint)
    return proven(baseline, nonsense, reason=_accepted_beside(claim, topic, grounds))


def _sent_beside(claim: OnlyValues, topic: Topic, grounds: Grounds) -> Ruling | None:
    """A sample sends another value on purpose, and is accepted."""
    for value, each in values_on_purpose(claim.name, topic.place, grounds.witnessed):
        if not _documents(claim.values, value, grounds):
            reason = f"{each.sample.id!r} ({each.sample.location}) sends {value!r}, is accepted, and it is not listed"
            return refuted(Rule.UNDOCUMENTED_VALUE, reason, each)
    return None


def _described_beside(claim: OnlyValues, topic: Topic, grounds: Grounds, baseline: Observation) -> Ruling | None:
    """The target describes other values, and not only other words for the same units."""
    missing = [value for value in topic.described if value not in claim.values and not _is_synonym(value, claim, topic, grounds)]
    if not missing:
        return None
    reason = f"the target's OpenAPI description also lists {', '.join(missing[:_FEW])}"
    tried = [grounds.observations[topic.documented(value, topic.place)] for value in missing[:_FEW]]
    return refuted(Rule.UNDOCUMENTED_VALUE, reason, baseline, *tried)


def _accepted_beside(claim: OnlyValues, topic: Topic, grounds: Grounds) -> str:
    """Values of the battery that are accepted too and that no table has, in words."""
    listed = {value for name, value in grounds.documented if name == claim.name}
    values = [value for value in battery(topic.values) if value not in listed]
    taken = [value for value in values if answer_to(grounds.observations[topic.bare(value, topic.place)]).accepted]
    return f"not documented, but accepted: {', '.join(taken[:_FEW])}" if taken else ""


def _judge_only_synonyms(claim: OnlyValues, main: str, topic: Topic, grounds: Grounds) -> Ruling:
    """No other value that the target describes does the same as that of the row."""
    if MARK in main:
        return _unsendable(main)
    known = grounds.observations[topic.documented(main, topic.place)]
    if topic.is_unit and not any(_times(known)):
        return _untimed(known)
    for value in topic.described:
        if value not in claim.values and _does_as(value, main, topic, grounds):
            tried = grounds.observations[topic.documented(value, topic.place, main)]
            reason = f"{value!r} does the same as {main!r}, and the target's OpenAPI description lists it"
            return refuted(Rule.UNDOCUMENTED_VALUE, reason, known, tried)
    return proven(known)


def _is_synonym(value: str, claim: OnlyValues, topic: Topic, grounds: Grounds) -> bool:
    """Whether it is another word for a unit that is listed; by what the words mean elsewhere, where no time tells units apart."""
    tried = grounds.observations[topic.documented(value, topic.place)]
    if topic.is_unit and not any(_times(tried)):
        return value in UNITS and UNITS[value] in map(UNITS.get, claim.values)
    return topic.is_unit and any(_does_as(value, other, topic, grounds) for other in claim.values if MARK not in other)


def _does_as(value: str, other: str, topic: Topic, grounds: Grounds) -> bool:
    one = grounds.observations[topic.documented(value, topic.place, other)]
    two = grounds.observations[topic.documented(other, topic.place)]
    return answer_to(two).accepted and signature(one) == signature(two)


def _documents(values: Sequence[str], value: str, grounds: Grounds) -> bool:
    return any(fits(grounds.shown.get(listed, listed), value) for listed in values)
