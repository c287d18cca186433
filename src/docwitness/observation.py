"""Observations: what came of one variation of a base sample, and what claims are judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from docwitness.change import Change
from docwitness.evidence import Evidence
from docwitness.sample import Sample
from docwitness.variation import Variation

Varied = Variation | Change
"""What probers change: something of a request, or of the text of a sample."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Observation:
    """What came of one variation. Tokens are redacted in all of it. No two are equal: each came of a request of its own."""

    variation: Varied
    """What was changed."""
    evidence: Evidence
    database: str
    """That of its scope; names in responses and points that contain it are compared without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """What a sample of the pages did."""

    sample: Sample
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter as the target's own description has it."""

    name: str
    place: str
    """`query` or `header`."""
    required: bool
    values: tuple[str, ...] = ()
    """Empty when any is taken."""
    default: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation as the target's own description has it."""

    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    errors: frozenset[tuple[int, str | None]] = frozenset()
    """Status and code of its errors; a code that is not told is None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Everything that the claims of one table are judged by."""

    baseline: Observation | None
    """The base as it is; None for a table that has none."""
    problem: str = ""
    """Why there is no baseline although there must be one."""
    missing: str = ""
    """What was needed to run the base and is not here."""
    observations: Mapping[Varied, Observation] = field(default_factory=dict)
    """By variation."""
    everywhere: tuple[Observation, ...] = ()
    """Those of all tables."""
    witnessed: tuple[Witnessed, ...] = ()
    """What all samples did."""
    described: Operation | None = None
    """The operation as the target describes it; None when it does not."""
    shown: Mapping[str, str] = field(default_factory=dict)
    """A documented value to what stands for it in evidence: its placeholders filled, without tokens."""
    documented: frozenset[tuple[str, str]] = frozenset()
    """Name and value of all values that any table has."""
    named: frozenset[str] = frozenset()
    """What rows of this table, and of others about the same, are about."""
    listed: tuple[str, ...] = ()
    """The options that the tool itself lists; none where it lists none."""
    partial: bool = False
    """Only some pages of the project were run: what others show is not known."""
    observable: bool = True
    """Whether the target tells what it stores."""
