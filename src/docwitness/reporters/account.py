"""The account of one claim: what is stated where, the verdict on it, and everything that the verdict rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.text import Text

from docwitness.evidence import Evidence
from docwitness.reporters.details import shown_exchange, shown_output, shown_points, shown_sample, visible
from docwitness.reporters.terminal import STYLES
from docwitness.verdict import Verdict


def account(verdict: Verdict, evidence: Mapping[str, Evidence]) -> Iterator[Text]:
    """Line by line; `evidence` is all that the report holds."""
    yield from _verdict(verdict)
    if verdict.sample is not None:
        yield from shown_sample(verdict.sample, verdict.at)
    for number, key in enumerate(verdict.evidence, 1):
        own = verdict.sample is not None and number == 1
        yield Text(f"  evidence {number} of {len(verdict.evidence)}: {_what(evidence[key], own=own)}", style="bold")
        yield from _evidence(evidence[key])


def _verdict(verdict: Verdict) -> Iterator[Text]:
    rule = f" [{verdict.rule}]" if verdict.rule else ""
    yield Text.assemble((f"{verdict.outcome} ", STYLES[verdict.outcome]), (verdict.id, "bold"), f" ({verdict.kind}){rule}")
    place = f"{verdict.location.path}:{verdict.at}" if verdict.at else str(verdict.location)
    yield Text(f"  {place}" + (f", from {verdict.source}" if verdict.source else ""))
    told = {"row": verdict.row, "says": verdict.cell, "reason": verdict.reason, "hint": verdict.hint}
    for word, text in told.items():
        if text and not (word == "says" and text == verdict.row):
            yield Text.assemble((f"  {word}: ", "dim"), visible(text).replace("\n", "\n    "))


def _what(evidence: Evidence, *, own: bool) -> str:
    if evidence.change:
        return evidence.change
    return "the sample" if own else "what a sample did"


def _evidence(evidence: Evidence) -> Iterator[Text]:
    yield from shown_output(evidence)
    for number, exchange in enumerate(evidence.exchanges, 1):
        yield from shown_exchange(exchange, f"exchange {number} of {len(evidence.exchanges)}")
    if evidence.refused:
        yield Text(f"  refused hosts: {', '.join(refused.host for refused in evidence.refused)}")
    if evidence.effect is None:
        yield Text("  what is stored was not observable", style="dim")
    else:
        yield from shown_points(evidence.effect)
