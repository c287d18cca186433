"""Judges what a table says of a parameter: where it may stand, and whether it is required and honored. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from docwitness.checks.described import is_described, place_drift, requirement_drift
from docwitness.checks.ruling import UNSEEN, Ruling, proven, refuted, unproven, unshown, untold
from docwitness.checks.sent import places_in_samples
from docwitness.checks.signature import answer_to, difference
from docwitness.claim import Allowed, Honored, Place, Required
from docwitness.observation import Grounds, Observation
from docwitness.rule import Rule
from docwitness.topic import Topic
from docwitness.variation import Variation

_UNKNOWN = "no sample sends this one, and the target does not describe it"


def judge_required(claim: Required, topic: Topic, grounds: Grounds, baseline: Observation) -> Ruling:
    """Without a required parameter the request is refused; without an optional one it is accepted."""
    without = grounds.observations[topic.left_out()]
    answer = answer_to(without)
    if not answer.accepted and not answer.refused:
        return untold(Rule.REQUIRED_DIFFERS, f"without {claim.name}: {answer}", baseline, without)
    if claim.required is answer.accepted:
        said, is_ = ("required", "optional") if claim.required else ("optional", "required")
        return refuted(Rule.REQUIRED_DIFFERS, f"said to be {said}, is {is_}: without it, {answer}", baseline, without)
    drift = requirement_drift(claim, grounds.described)
    if drift:
        return refuted(Rule.DRIFT, drift, baseline, without)
    if not claim.required and _is_unknown(claim, topic, grounds, baseline):
        reason = f"any name may be left out that means nothing: {_UNKNOWN}"
        return unshown(Rule.NOT_SHOWN, reason, baseline, without)
    return proven(baseline, without)


def judge_honored(claim: Honored, topic: Topic, grounds: Grounds, baseline: Observation) -> Ruling:
    """Honored: something tried on it changes what comes of the request. Ignored: nothing does, given or not."""
    tried = _tried(topic, grounds)
    deciding = changing(topic, grounds, baseline)
    if deciding is not None:
        change = f"{deciding.evidence.change}: {difference(baseline, deciding)}"
        if claim.honored:
            return proven(baseline, deciding, reason=change)
        return refuted(Rule.HONORED_DIFFERS, f"said to be ignored, is honored: {change}", baseline, deciding)
    if not grounds.observable:
        return unproven(Rule.NOT_OBSERVABLE, UNSEEN, baseline, *tried)
    if claim.honored:
        reason = f"said to be honored, is ignored: nothing of {len(tried)} requests with it and without it changes anything"
        return refuted(Rule.HONORED_DIFFERS, reason, baseline, *tried[:2])
    if _is_unknown(claim, topic, grounds, baseline):
        return unshown(Rule.NOT_SHOWN, f"any name is ignored that means nothing: {_UNKNOWN}", baseline, *tried)
    return proven(baseline, *tried)


def judge_allowed(claim: Allowed, topic: Topic, grounds: Grounds, baseline: Observation) -> Ruling:
    """Where it is honored, the place is where it has its effect; where nothing honors it, where it is sent and accepted."""
    here = _effective(topic, claim.place, grounds)
    elsewhere = _effective(topic, claim.place.other, grounds)
    if here is None and elsewhere is not None:
        reason = f"it has no effect in the {claim.place}, but in the {claim.place.other}: {elsewhere.evidence.change}"
        return refuted(Rule.PLACE_DIFFERS, reason, baseline, elsewhere)
    missing = _unsent(claim, topic, grounds, baseline) if here is None else None
    if missing is not None:
        return missing
    drift = place_drift(claim, grounds.described)
    if drift:
        return refuted(Rule.DRIFT, drift, baseline)
    return proven(baseline, *_at(topic, claim.place, grounds)[:1]) if here is None else proven(baseline, here)


def _unsent(claim: Allowed, topic: Topic, grounds: Grounds, baseline: Observation) -> Ruling | None:
    """What is wrong with the place of a parameter that nothing reads: it is accepted there, and samples send it there."""
    tried = _at(topic, claim.place, grounds)
    refused = next((each for each in tried if not answer_to(each).accepted), None)
    if refused is not None:
        return refuted(Rule.PLACE_DIFFERS, f"refused there: {answer_to(refused)}", baseline, refused)
    seen = places_in_samples(claim.name, claim.origin.of, grounds.witnessed)
    if seen and claim.place not in seen:
        places = ", ".join(f"the {place} ({sample.location})" for place, sample in seen.items())
        return refuted(Rule.PLACE_DIFFERS, f"samples have it in {places}, none in the {claim.place}")
    if seen or is_described(claim.name, grounds.described):
        return None
    if not grounds.observable:
        return unproven(Rule.NOT_OBSERVABLE, UNSEEN, baseline, *tried)
    reason = "nothing seems to read it there: no sample sends it, and the target does not describe it"
    return unshown(Rule.NOT_SHOWN, reason, baseline, *tried)


def _is_unknown(claim: Required | Honored, topic: Topic, grounds: Grounds, baseline: Observation) -> bool:
    """Whether nothing shows that there is such a parameter."""
    if places_in_samples(claim.name, claim.origin.of, grounds.witnessed) or is_described(claim.name, grounds.described):
        return False
    return grounds.observable and changing(topic, grounds, baseline) is None


def changing(topic: Topic, grounds: Grounds, baseline: Observation) -> Observation | None:
    """Something tried on a parameter that changes what comes of the base; None when it is ignored."""
    return next((each for each in _tried(topic, grounds) if difference(baseline, each)), None)


def _tried(topic: Topic, grounds: Grounds) -> list[Observation]:
    """It left out, and all that was tried on it where it may stand."""
    variations = [topic.left_out(), *(variation for place in topic.places for variation in topic.tried_at(place))]
    return _observed(variations, grounds)


def _at(topic: Topic, place: Place, grounds: Grounds) -> list[Observation]:
    """What was tried in that place, and nowhere else."""
    return _observed(topic.tried_at(place) if place in topic.places else topic.moved(place), grounds)


def _effective(topic: Topic, place: Place, grounds: Grounds) -> Observation | None:
    """What differs, given in that place alone, from the parameter left out."""
    without = grounds.observations[topic.left_out()]
    return next((each for each in _at(topic, place, grounds) if difference(without, each)), None)


def _observed(variations: Iterable[Variation], grounds: Grounds) -> list[Observation]:
    return [grounds.observations[variation] for variation in dict.fromkeys(variations)]
