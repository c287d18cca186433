"""What a check says of a claim, be that a sample or a row of a table."""

from __future__ import annotations

from dataclasses import dataclass

from docwitness.evidence import Evidence
from docwitness.observation import Observation, Witnessed
from docwitness.rule import Rule
from docwitness.verdict import Outcome

Deciding = Observation | Witnessed
"""What a ruling can rest on."""
UNSEEN = "it may show in what is stored, which this target does not tell"
"""Why nothing shows an effect on a target that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The verdict on a claim, and what decides it."""

    outcome: Outcome
    rule: Rule | None = None
    """None for a claim that is proven."""
    reason: str = ""
    """Why; of what is proven, what shows it, or what could not be looked at."""
    hint: str = ""
    at: int | None = None
    """A line of the page that is more exact than the claim's own."""
    set_aside: bool = False
    """It fails no run."""
    by_samples: bool = False
    """What samples of other pages do may show it."""
    evidence: tuple[Evidence, ...] = ()
    """What decides, the baseline first; nothing for a sample, which is judged by its own run."""


def proven(*deciding: Deciding, reason: str = "") -> Ruling:
    """The claim holds."""
    return Ruling(outcome=Outcome.PROVEN, reason=reason, evidence=_evidence(deciding))


def refuted(rule: Rule, reason: str, *deciding: Deciding, hint: str = "") -> Ruling:
    """The claim does not hold."""
    return Ruling(outcome=Outcome.REFUTED, rule=rule, reason=reason, hint=hint, evidence=_evidence(deciding))


def unproven(rule: Rule, reason: str, *deciding: Deciding, hint: str = "") -> Ruling:
    """Nothing shows whether it holds."""
    return Ruling(outcome=Outcome.UNPROVEN, rule=rule, reason=reason, hint=hint, evidence=_evidence(deciding))


def unshown(rule: Rule, reason: str, *deciding: Deciding, hint: str = "") -> Ruling:
    """Nothing shows whether it holds, and a sample of another page may."""
    return Ruling(outcome=Outcome.UNPROVEN, rule=rule, reason=reason, hint=hint, by_samples=True, evidence=_evidence(deciding))


def untold(rule: Rule, reason: str, *deciding: Deciding, hint: str = "") -> Ruling:
    """Whether it holds could not be found out."""
    return Ruling(outcome=Outcome.ERROR, rule=rule, reason=reason, hint=hint, evidence=_evidence(deciding))


def _evidence(deciding: tuple[Deciding, ...]) -> tuple[Evidence, ...]:
    return tuple({id(each.evidence): each.evidence for each in deciding}.values())
