"""Judges what a table says of the options of a tool: a Telegraf table, or a call in Python or JavaScript. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from docwitness.change import Weather
from docwitness.checks.comparison import Comparison, comparisons, contrast_of, lasting_difference, reading_of
from docwitness.checks.ruling import Ruling, proven, refuted, unproven, untold
from docwitness.checks.wire import complaint, difference, made_request, told, wire, worked
from docwitness.claim import Claim, Default, Honored, Named, OnlyParameters, OnlyValues, Required, Value
from docwitness.editors.base import editor_for
from docwitness.literals import EMPTY, Type, type_of
from docwitness.observation import Grounds, Observation
from docwitness.rule import Rule


def judge_option(claim: Claim, claims: Sequence[Claim], grounds: Grounds, baseline: Observation) -> Ruling:
    """The verdict on a claim of a table of options; `claims` are all of the table."""
    if not made_request(baseline):
        return untold(Rule.NO_BASE, f"{claim.origin.base!r}, run as it is: {complaint(baseline)}", baseline)
    if isinstance(claim, OnlyParameters):
        return _judge_only_options(claim, grounds, baseline)
    return _judge(claim, claims, grounds, baseline)


def _judge(claim: Claim, claims: Sequence[Claim], grounds: Grounds, baseline: Observation) -> Ruling:
    tried = grounds.observations.values()
    name = claim.name if isinstance(claim, Named) else ""
    found, again = comparisons(name, tried), comparisons(name, tried, again=True)
    match claim:
        case Required():
            return _judge_required(claim, found, baseline)
        case Honored():
            return _judge_honored(claim, found, again, baseline)
        case Default():
            return _judge_default(claim, found, again, baseline)
        case Value():
            return _judge_value(claim, claims, found, baseline)
        case OnlyValues():
            return _judge_only_values(claim, found, baseline)
        case _:
            return unproven(Rule.UNREADABLE_CELL, f"no table of options can say this: {claim.cell}")


def _judge_required(claim: Required, found: Sequence[Comparison], baseline: Observation) -> Ruling:
    """Without a required option the tool makes no request; what a server says to one is no matter of the tool."""
    without = next((each.runs[None] for each in found if None in each.runs), None)
    if without is None:
        return untold(Rule.REQUIRED_DIFFERS, f"{claim.name} could not be left out", baseline)
    if claim.required and made_request(without):
        return refuted(Rule.REQUIRED_DIFFERS, "said to be required, is optional: a request is made without it", baseline, without)
    if not claim.required and not made_request(without):
        reason = f"said to be optional, is required: without it, {complaint(without)}"
        return refuted(Rule.REQUIRED_DIFFERS, reason, baseline, without)
    return proven(baseline, without)


def _judge_honored(claim: Honored, found: Sequence[Comparison], again: Sequence[Comparison], baseline: Observation) -> Ruling:
    contrast = contrast_of(found, again) or reading_of(found)
    if contrast is not None and claim.honored:
        return proven(contrast.one, contrast.other, reason=contrast.change)
    if contrast is not None:
        reason = f"said to be ignored, is honored: {contrast.change}"
        return refuted(Rule.HONORED_DIFFERS, reason, contrast.one, contrast.other)
    given = [run for each in found for run in each.given.values()]
    accepted = [run for run in given if made_request(run)]
    if not accepted:
        said = complaint(given[0]) if given else "nothing could be tried"
        return refuted(Rule.HONORED_DIFFERS, f"there is no option {claim.name}: {said}", baseline, *given[:1])
    if held := _held(claim.name, found):
        used = _or(told(held[0], claim.name))
        reason = f"the tool holds it, {used} without it, but nothing of {len(given)} runs with it changes anything"
        return unproven(Rule.NOT_OBSERVABLE, reason, *held, hint="a base in which it matters shows what it does")
    if claim.honored:
        reason = f"said to be honored, is ignored: nothing of {len(given)} runs with it changes anything"
        return refuted(Rule.HONORED_DIFFERS, reason, baseline, *accepted[:2])
    return proven(baseline, *accepted[:2])


def _held(name: str, found: Sequence[Comparison]) -> tuple[Observation, ...]:
    """Two runs that show that the tool knows the option: left out, it holds something of that name; given, it holds what is given.

    One of them alone shows nothing: some calls keep whatever they are given, and an object may hold other things of that name.
    """
    for each in found:
        without = each.runs.get(None)
        used = frozenset() if without is None else told(without, name)
        for literal, run in each.given.items():
            held = told(run, name)
            if without is not None and used and used != held and _plain(literal) in map(_plain, held):
                return without, run
    return ()


def _plain(literal: str) -> str:
    """A value without what languages write it with."""
    return literal.replace("_", "") if type_of(literal) is Type.NUMBER else literal.strip("\"'`")


def _judge_default(claim: Default, found: Sequence[Comparison], again: Sequence[Comparison], baseline: Observation) -> Ruling:
    """Left out is the same as given, and some other value is not the same, so that the two were told apart."""
    tried = [(each, each.runs[None], each.runs[claim.value]) for each in found if {None, claim.value} <= each.runs.keys()]
    if not any(made_request(given) for _, _, given in tried):
        said = complaint(tried[0][2]) if tried else "it could not be tried"
        return refuted(Rule.DEFAULT_DIFFERS, f"{claim.value} is refused: {said}", baseline, *(given for _, _, given in tried[:1]))
    telling: tuple[Observation, ...] = ()
    for each, without, given in tried:
        change = lasting_difference(without, given, each, again)
        if change or made_request(without) is not made_request(given):
            reason = f"leaving it out is not the same as {claim.value}: {change or complaint(given)} where it is given"
            return refuted(Rule.DEFAULT_DIFFERS, reason, baseline, without, given)
        used, held = told(without, claim.name), told(given, claim.name)
        if used != held:
            reason = f"without it, {claim.name} is {_or(used)}, not {claim.value}"
            return refuted(Rule.DEFAULT_DIFFERS, reason, baseline, without, given)
        telling = telling or ((without, given) if used else _telling(each, claim.value, without, given))
    if telling:
        return proven(*telling)
    reason = "no value that was tried makes a difference, so nothing shows which one is used without it"
    return unproven(Rule.NOT_OBSERVABLE, reason, *(run for _, without, given in tried[:1] for run in (without, given)))


def _telling(each: Comparison, value: str, without: Observation, given: Observation) -> tuple[Observation, ...]:
    """The two, and a third one that differs from them; nothing when some others are the same as them, so that it may be any."""
    alike = [literal for literal, other in each.given.items() if made_request(other) and wire(other) == wire(without)]
    if value not in _NOTHING and set(alike) - _NOTHING - {value}:
        return ()
    for literal, other in each.given.items():
        if literal != value and (wire(other) != wire(without) or made_request(other) is not made_request(without)):
            return without, given, other
    return ()


def _judge_value(claim: Value, claims: Sequence[Claim], found: Sequence[Comparison], baseline: Observation) -> Ruling:
    """It is accepted, and it does something, unless it is the default."""
    tried = [(each, each.runs[claim.value]) for each in found if claim.value in each.runs]
    is_closed = any(isinstance(each, OnlyValues) and each.name == claim.name and each.closed for each in claims)
    fits = worked if is_closed and worked(baseline) else made_request
    accepted = [(each, run) for each, run in tried if fits(run)]
    if not accepted:
        run = tried[0][1]
        said = f"its answer is {difference(baseline, run)}" if made_request(run) else complaint(run)
        return refuted(Rule.VALUE_REFUSED, f"{claim.value} is refused: {said}", baseline, run)
    twin = (
        next((other for other in _listed_before(claim, claims) if _are_alike(claim.value, other, found)), None)
        if is_closed
        else None
    )
    if twin is not None:
        return refuted(Rule.VALUE_DIFFERS, f"{claim.value} does the same as {twin}", baseline, accepted[0][1])
    if any(isinstance(each, Default) and (each.name, each.value) == (claim.name, claim.value) for each in claims):
        return proven(baseline, accepted[0][1])
    for each, run in tried:
        without = each.runs.get(None, baseline)
        if difference(without, run) or told(without, claim.name) != told(run, claim.name) or not made_request(run):
            return proven(without, accepted[0][1])
    return refuted(
        Rule.VALUE_DIFFERS, f"{claim.value} changes nothing, and is not said to be the default", baseline, accepted[0][1]
    )


def _listed_before(claim: Value, claims: Sequence[Claim]) -> list[str]:
    values = [each.value for each in claims if isinstance(each, Value) and each.name == claim.name]
    return values[: values.index(claim.value)]


def _are_alike(value: str, other: str, found: Sequence[Comparison]) -> bool:
    """Whether nothing tells two values of a list apart."""
    pairs = [(each.runs[value], each.runs[other]) for each in found if {value, other} <= each.runs.keys()]
    return bool(pairs) and not any(difference(one, two) for one, two in pairs)


def _judge_only_values(claim: OnlyValues, found: Sequence[Comparison], baseline: Observation) -> Ruling:
    """No other value of their type is accepted."""
    if not claim.closed:
        return proven(baseline)
    fits = worked if worked(baseline) else made_request
    kinds = {type_of(literal) for literal in claim.values}
    others = [
        (literal, run)
        for each in found
        if not each.company and each.weather is Weather.CLEAR
        for literal, run in each.given.items()
        if literal not in claim.values and type_of(literal) in kinds
    ]
    for literal, run in others:
        if fits(run) and not (literal == EMPTY and _is_as_left_out(run, found)):
            return refuted(Rule.UNDOCUMENTED_VALUE, f"{literal} is accepted as well, and is not listed", baseline, run, hint=_OPEN)
    return proven(baseline, *(run for _, run in others[:1]))


def _is_as_left_out(run: Observation, found: Sequence[Comparison]) -> bool:
    return any(wire(run) == wire(each.runs[None]) for each in found if None in each.runs)


_NOTHING = frozenset({EMPTY, "0", "None", "undefined"})
"""Literals that often mean the same as leaving an option out."""
_OPEN = "`such as` before them says that they are examples"


def _judge_only_options(claim: OnlyParameters, grounds: Grounds, baseline: Observation) -> Ruling:
    """Samples set no other option of the same call or table to a plain value, and the tool itself lists no others."""
    language = next((each.sample.language for each in grounds.witnessed if each.sample.id == claim.origin.base), "")
    editor = editor_for(language)
    for each in grounds.witnessed:
        if each.sample.language != language:
            continue
        for name, literal in editor.options(each.sample.text, claim.origin.of).items():
            if name not in grounds.named and type_of(literal) is not None:
                reason = f"no row has {name!r}, which {each.sample.id!r} ({each.sample.location}) sets"
                return refuted(Rule.UNDOCUMENTED_PARAMETER, reason, each)
    missing = [name for name in grounds.listed if name not in grounds.named]
    if missing:
        reason = f"no row has {', '.join(map(repr, missing))}, which {language} lists in its own sample configuration"
        return refuted(Rule.UNDOCUMENTED_PARAMETER, reason, baseline)
    return proven(baseline)


def _or(values: frozenset[str]) -> str:
    return " or ".join(sorted(values)) or "not told"
