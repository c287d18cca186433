"""Comparisons: runs that differ only in what one option was set to, and which two of them show that it does something. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from docwitness.change import Change, Weather
from docwitness.checks.wire import complaint, difference, made_request
from docwitness.literals import type_of
from docwitness.observation import Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The runs that differ only in what one option was set to."""

    company: tuple[tuple[str, str | None], ...]
    """Other options that were set as well."""
    weather: Weather
    runs: Mapping[str | None, Observation]
    """By the literal; None where it was left out."""

    @property
    def given(self) -> dict[str, Observation]:
        """Without the one where it was left out."""
        return {literal: observation for literal, observation in self.runs.items() if literal is not None}


def comparisons(name: str, observations: Iterable[Observation], *, again: bool = False) -> tuple[Comparison, ...]:
    """Everything that was tried on an option, or tried `again`; the plain circumstances first."""
    found: dict[tuple[tuple[tuple[str, str | None], ...], Weather], dict[str | None, Observation]] = {}
    for observation in observations:
        change = observation.variation
        settings = dict(change.settings) if isinstance(change, Change) and change.again is again else {}
        if isinstance(change, Change) and name in settings:
            literal = settings.pop(name)
            found.setdefault((tuple(settings.items()), change.weather), {})[literal] = observation
    each = [Comparison(company=company, weather=weather, runs=runs) for (company, weather), runs in found.items()]
    return tuple(sorted(each, key=lambda one: (len(one.company), one.weather is not Weather.CLEAR)))


def lasting_difference(one: Observation, other: Observation, each: Comparison, again: Sequence[Comparison]) -> str:
    """In what two runs of a comparison differ, in words; empty where they do not, or did not when they were tried `again`."""
    change = difference(one, other)
    return "" if change and _is_chance(one, other, each, again) else change


def _is_chance(one: Observation, other: Observation, each: Comparison, again: Sequence[Comparison]) -> bool:
    same = next((repeated for repeated in again if (repeated.company, repeated.weather) == (each.company, each.weather)), None)
    literals = [run.variation.settings[-1][1] for run in (one, other) if isinstance(run.variation, Change)]
    second = [same.runs[literal] for literal in literals if literal in same.runs] if same is not None else []
    return len(second) == 2 and not difference(*second)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """Two runs that show that an option does something."""

    one: Observation
    other: Observation
    change: str


def contrast_of(found: Sequence[Comparison], again: Sequence[Comparison] = ()) -> Contrast | None:
    """Two accepted values that differ on the wire or in what is stored, left out being one of them; `again` too, if tried again."""
    for each in found:
        accepted = [observation for observation in each.runs.values() if made_request(observation)]
        if any(made_request(observation) for observation in each.given.values()):
            for one, other in combinations(accepted, 2):
                if change := lasting_difference(one, other, each, again):
                    return Contrast(one=one, other=other, change=f"{other.evidence.change}: {change}")
    return None


def reading_of(found: Sequence[Comparison]) -> Contrast | None:
    """The tool reads the option, even where nothing else shows: it needs it, or takes one value and not another of that type."""
    for each in found:
        without, given = each.runs.get(None), next(filter(made_request, each.given.values()), None)
        if without is not None and given is not None and not made_request(without):
            return Contrast(one=given, other=without, change=f"{without.evidence.change}: {complaint(without)}")
        for kind in {type_of(literal) for literal in each.given}:
            runs = [observation for literal, observation in each.given.items() if type_of(literal) is kind]
            accepted = next((run for run in runs if made_request(run)), None)
            rejected = next((run for run in runs if not made_request(run)), None)
            if accepted is not None and rejected is not None:
                return Contrast(one=accepted, other=rejected, change=f"{rejected.evidence.change}: {complaint(rejected)}")
    return None
