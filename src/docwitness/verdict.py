"""Verdicts: what the evidence says about a claim."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from docwitness.page import Location
from docwitness.rule import Rule
from docwitness.sample import Sample


class Outcome(StrEnum):
    """The four verdicts."""

    PROVEN = "proven"
    REFUTED = "refuted"
    UNPROVEN = "unproven"
    """Nothing exercised it."""
    ERROR = "error"
    """We could not tell."""


class Kind(StrEnum):
    """What a claim is about."""

    SAMPLE = "sample"
    PAGE = "page"
    PARAMETER = "parameter"
    VALUE = "value"
    OPTION = "option"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One judged claim."""

    id: str
    kind: Kind
    location: Location
    outcome: Outcome
    language: str = ""
    hash: str = ""
    terms: str = ""
    """Of a sample, `docwitness.terms.terms_of` it."""
    source: Location | None = None
    sample: Sample | None = None
    """The sample that it is about, for reporters that show it."""
    cell: str = ""
    """The words of a table that state it."""
    row: str = ""
    """The row that they stand in."""
    rule: Rule | None = None
    reason: str = ""
    hint: str = ""
    at: int | None = None
    """A more exact line of the page, where one is known."""
    duration_s: float = 0.0
    evidence: tuple[str, ...] = ()
    """Keys of the report's evidence."""
    set_aside: bool = False
    """The page itself sets it aside with a reason (`skip`, or an `xfail` that fails as said): it fails no run."""

    @property
    def failing(self) -> bool:
        """Whether it fails a run that allows nothing unproven."""
        return self.outcome is not Outcome.PROVEN and not self.set_aside
