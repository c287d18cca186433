"""The contract of a prober."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from docwitness.claim import Claim
from docwitness.directives import ScopeSettings
from docwitness.evidence import Evidence
from docwitness.exchange import Exchange
from docwitness.observation import Observation, Operation
from docwitness.placeholders import Placeholders
from docwitness.reach import HERE, Reach
from docwitness.runners.base import Runner
from docwitness.sample import Sample
from docwitness.targets.base import RunningTarget, Scope


class UnfitBaseError(Exception):
    """The base of a table cannot be varied; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A sample that was run, and is now varied. Nothing in it is redacted but `evidence`: it is never kept or shown."""

    sample: Sample
    """Placeholders not filled."""
    exchanges: tuple[Exchange, ...]
    scope: Scope
    """The scope that it ran in, which is gone."""
    settings: ScopeSettings
    """Those that a scope like it needs."""
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What samples are run with, and variations of them tried."""

    target: RunningTarget
    placeholders: Placeholders
    runners: Mapping[str, Runner]
    """By language."""
    reaches: Mapping[str, Reach] = field(default_factory=dict)
    """By language, of those samples that do not run on this machine itself."""

    def reach(self, language: str) -> Reach:
        """From where samples in a language see this machine."""
        return self.reaches.get(language, HERE)


class Prober(Protocol):
    """Varies base samples in one way."""

    async def observe(self, base: Base, claims: Sequence[Claim], described: Operation | None) -> tuple[Observation, ...]:
        """Tries everything that the claims of one table ask about, each in a fresh scope; the base as it is comes first.

        Raises `UnfitBaseError` when the base cannot be varied, and `TargetError` when the target cannot be used.
        """
        ...
