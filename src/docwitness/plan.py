"""Plans: which samples share one scope and one folder, and in which order plans start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from docwitness.directives import ScopeSettings
from docwitness.page import Location
from docwitness.sample import Language, Sample

SessionKey = tuple[str, str]
"""Page and name: a session never crosses pages."""

_USUAL_S: Mapping[str, float] = {Language.TELEGRAF: 2.0, Language.NODE: 1.0, Language.PYTHON: 0.5, Language.SHELL: 0.1}
"""Guesses for samples that never ran here; only their order matters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A sample in its plan."""

    sample: Sample
    needs: tuple[str, ...] = ()
    """Ids of the set-ups that must have worked before it. One that is no earlier step does not exist, or needs itself."""
    claimed: bool = True
    """Whether its verdict counts; False for a set-up that has a plan of its own."""
    continues: bool = False
    """Whether it runs in the session of its plan; set-ups run in processes of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Steps that run one after another in one scope, one folder and behind one recorder."""

    steps: tuple[Step, ...]

    @property
    def settings(self) -> ScopeSettings:
        """Those of the last step that says any."""
        default = ScopeSettings()
        said = [step.sample.directives.scope for step in self.steps if step.sample.directives.scope != default]
        return said[-1] if said else default

    @property
    def languages(self) -> frozenset[str]:
        """What its steps are written in."""
        return frozenset(step.sample.language for step in self.steps)


def session_of(sample: Sample) -> SessionKey | None:
    """The session that a sample belongs to."""
    name = sample.directives.session
    return None if name is None else (sample.location.path, name)


def draw(samples: Iterable[Sample], chosen: Sequence[Sample]) -> tuple[Plan, ...]:
    """A plan for each chosen sample, or for all chosen ones of a session, with their set-ups taken from `samples`.

    Samples that their page skips are left out. A set-up that is hidden or not chosen is claimed where it first runs.
    """
    by_id: dict[str, Sample] = {}
    for sample in samples:
        by_id.setdefault(sample.id, sample)
    groups: dict[SessionKey | Location, list[Sample]] = {}
    for sample in chosen:
        if sample.directives.skip is None:
            groups.setdefault(session_of(sample) or sample.location, []).append(sample)
    claimed = {sample.id for sample in chosen}
    return tuple(Plan(steps=tuple(_steps(group, by_id, claimed))) for group in groups.values())


def _steps(group: Sequence[Sample], by_id: Mapping[str, Sample], claimed: set[str]) -> Iterator[Step]:
    """The steps of one plan; notes in `claimed` which set-ups have a claim by now."""
    done: set[str] = set()
    for sample in group:
        for setup in _setups(sample, by_id):
            if setup.id not in done:
                done.add(setup.id)
                yield Step(sample=setup, needs=_needs(setup), claimed=setup.id not in claimed)
                claimed.add(setup.id)
        done.add(sample.id)
        yield Step(sample=sample, needs=_needs(sample), continues=sample.directives.session is not None)


def _setups(sample: Sample, by_id: Mapping[str, Sample]) -> tuple[Sample, ...]:
    """What runs before it, the first one first. The chain ends where an id is unknown, is skipped, or comes again."""
    chain: list[Sample] = []
    seen = {sample.id}
    name = sample.directives.setup
    while name is not None and name in by_id and name not in seen:
        setup = by_id[name]
        if setup.directives.skip is not None:
            break
        seen.add(name)
        chain.append(setup)
        name = setup.directives.setup
    return tuple(reversed(chain))


def _needs(sample: Sample) -> tuple[str, ...]:
    return () if sample.directives.setup is None else (sample.directives.setup,)


def longest_first(plans: Iterable[Plan], durations_s: Mapping[str, float]) -> tuple[Plan, ...]:
    """By what they took in an earlier run (`durations_s`, by id), else by what their language usually takes."""
    return tuple(sorted(plans, key=lambda plan: -sum(_expected_s(step.sample, durations_s) for step in plan.steps)))


def _expected_s(sample: Sample, durations_s: Mapping[str, float]) -> float:
    return durations_s.get(sample.id, _USUAL_S.get(sample.language, 1.0))
