"""What a check finds wrong with a sample."""

from __future__ import annotations

from dataclasses import dataclass

from docwitness.rule import Rule
from docwitness.verdict import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as its page says."""

    rule: Rule
    reason: str
    """Expected …, was …"""
    hint: str = ""
    """What may be the cause, or what to do."""
    at: int | None = None
    """The line of the page that says otherwise."""
    outcome: Outcome = Outcome.REFUTED
