"""Marks: what the report of a run lets the site say about a sample or a row of a table. No run, no mark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from docwitness.integrations.exhibits import name_of
from docwitness.integrations.stated import Terms
from docwitness.report import Report
from docwitness.text import digest
from docwitness.verdict import Kind, Outcome, Verdict


class State(StrEnum):
    """What a mark says; the values are its CSS classes."""

    VERIFIED = "verified"
    CHANGED = "changed"
    """The text is not the one that ran."""
    UNVERIFIED = "unverified"


SIGNS: Mapping[State, str] = {State.VERIFIED: "✓", State.CHANGED: "!", State.UNVERIFIED: "–"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One mark as readers see it."""

    state: State
    text: str
    exhibit: str = ""
    """The name of the exhibit that it opens; empty when nothing was recorded."""


CHANGED = Mark(state=State.CHANGED, text="Changed since it was last run")
"""That of a sample, or of a row in a marked table, which was not judged as it stands."""
_NEVER_RUN = Mark(state=State.UNVERIFIED, text="Not verified: it has not been run")


class Marks:
    """The marks that a report gives."""

    def __init__(self, report: Report) -> None:
        server = report.target.server if report.target else "no server"
        self._verified = f"Verified against {server} on {report.started:%Y-%m-%d}"
        self._samples: dict[str, Verdict] = {}
        self._by_text: dict[str, list[Verdict]] = defaultdict(list)
        self._rows: dict[str, list[Verdict]] = defaultdict(list)
        for verdict in report.verdicts:
            if verdict.kind is Kind.SAMPLE:
                self._samples[verdict.id] = verdict
                self._by_text[verdict.hash].append(verdict)
            elif verdict.kind is not Kind.PAGE:
                self._rows[verdict.hash].append(verdict)

    def of_sample(
        self,
        text: str,
        *,
        runner: str,
        id: str | None,  # noqa: A002
        page: str | None,
        terms: Terms | None = None,
    ) -> Mark | None:
        """The mark of a sample with this canonical text.

        One with an id is found by it. One without is found by its text alone, so that it has no mark when that has changed.
        `page` is relative to the project; None when it is not known: then only a text that stands on one page is found.
        `terms` are those of that page; None when they are not known.
        """
        if id is not None:
            verdict = self._samples.get(id)
            if verdict is None:
                return _NEVER_RUN
            if verdict.hash != digest(text) or verdict.language != runner or _differ(verdict, terms):
                return CHANGED
            return self._mark([verdict])
        found = _on_page(self._by_text.get(digest(text), ()), page)
        if not found:
            return None
        kept = [verdict for verdict in found if not _differ(verdict, terms)]
        return self._mark(kept[:1]) if kept else CHANGED

    def of_row(self, row: str, *, page: str | None) -> Mark | None:
        """The mark of a row, which is its cells as readers see them, joined by ` | `; None when nothing is known of it."""
        found = _on_page(self._rows.get(digest(row), ()), page)
        return self._mark(found) if found else None

    def _mark(self, verdicts: Sequence[Verdict]) -> Mark:
        exhibit = name_of(verdicts[0]) if any(verdict.evidence for verdict in verdicts) else ""
        doubtful = [verdict for verdict in verdicts if verdict.outcome is not Outcome.PROVEN]
        if not doubtful:
            return Mark(state=State.VERIFIED, text=self._verified, exhibit=exhibit)
        reason = doubtful[0].reason.partition("\n")[0] or str(doubtful[0].outcome)
        return Mark(state=State.UNVERIFIED, text=f"Not verified: {reason}", exhibit=exhibit)


def _differ(verdict: Verdict, terms: Terms | None) -> bool:
    """Whether the page states other terms now than those on which it was judged."""
    return terms is not None and verdict.terms not in terms.get(verdict.hash, ())


def _on_page(verdicts: Sequence[Verdict], page: str | None) -> list[Verdict]:
    """Those of one page."""
    if page is None:
        return list(verdicts) if len({verdict.location.path for verdict in verdicts}) == 1 else []
    return [verdict for verdict in verdicts if verdict.location.path == page]
