"""What a person needs to mend a refuted sample: its text, what the tool printed, the exchanges, and what is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.text import Text

from docwitness.evidence import Evidence
from docwitness.exchange import Effect, Exchange, Request, Response
from docwitness.execution import Completed, Replayed, Skipped
from docwitness.rule import Rule
from docwitness.sample import Expected, Sample
from docwitness.verdict import Verdict

_LINES = 30
"""Lines that are shown of a sample, a body or an output."""
_WIDTH = 400
"""Characters that are shown of one line."""
_POINTS = 20
_DECIDING = 3
"""Exchanges that are shown of those that decide a claim."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What must not reach a terminal from a sample or a server."""
_STORED_RULES = frozenset({Rule.STORED_DIFFERS, Rule.IMPLAUSIBLE_TIME})
_OUTPUT_RULES = frozenset({Rule.OUTPUT_DIFFERS})


def details(verdict: Verdict, evidence: Sequence[Evidence]) -> Iterator[Text]:
    """Its own evidence comes first; that of what ran before it follows."""
    if verdict.row:
        yield from _claim(verdict, evidence)
    if verdict.sample is None or verdict.rule is Rule.SETUP_FAILED:
        return
    yield from shown_sample(verdict.sample, verdict.at)
    if evidence:
        own = evidence[0]
        yield from shown_output(own, with_output=verdict.rule in _OUTPUT_RULES)
        for number, exchange in enumerate(own.exchanges, 1):
            yield from shown_exchange(exchange, f"exchange {number} of {len(own.exchanges)}")
        if verdict.rule in _STORED_RULES and own.effect is not None:
            yield from shown_points(own.effect, verdict.sample.stored)


def visible(text: str) -> str:
    """The text with control characters written out."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


def _titled(title: str, lines: Sequence[Text]) -> Iterator[Text]:
    yield Text(f"  {title}", style="dim")
    for line in lines[:_LINES]:
        line.truncate(_WIDTH, overflow="ellipsis")
        yield Text.assemble("    ", line)
    if len(lines) > _LINES:
        yield Text(f"    … {len(lines) - _LINES} lines more", style="dim")


def _claim(verdict: Verdict, evidence: Sequence[Evidence]) -> Iterator[Text]:
    """The row, and the exchanges that decide: the base as it is first, then what was changed in it."""
    yield from _titled(f"the row, where {verdict.cell!r} is judged", [Text(visible(verdict.row))])
    for one in evidence[:_DECIDING]:
        for exchange in one.exchanges[-1:]:
            yield from shown_exchange(exchange, one.change or "what a sample sent")
        if one.change and one.effect is not None:
            yield from shown_points(one.effect, None)


def shown_sample(sample: Sample, at: int | None = None) -> Iterator[Text]:
    """Its text with line numbers; the line `at` stands out."""
    place = sample.location.path if sample.source is None else sample.source.path
    lines = [
        Text.assemble(
            (f"{sample.line(offset):4} ", "dim"),
            (visible(line), "red" if sample.line(offset) == at and sample.source is None else ""),
        )
        for offset, line in enumerate(sample.text.split("\n"))
    ]
    yield from _titled(place, lines)


def shown_output(evidence: Evidence, *, with_output: bool = True) -> Iterator[Text]:
    """How its run ended, and what it printed."""
    execution = evidence.execution
    if isinstance(execution, Skipped | Replayed):
        return
    if isinstance(execution, Completed):
        yield Text(f"  exit status {execution.exit_status}", style="dim")
    for title, text, wanted in (("standard output", execution.stdout, with_output), ("standard error", execution.stderr, True)):
        lines = [Text(visible(line)) for line in text.rstrip().split("\n")]
        if wanted and text.strip():
            yield from _titled(title, lines[-_LINES:])


def shown_exchange(exchange: Exchange, title: str) -> Iterator[Text]:
    """Request and response."""
    lines = [Text(visible(f"> {line}"), style="cyan") for line in _message(exchange.request)]
    if exchange.response is None:
        lines.append(Text(visible(f"< {exchange.silence}"), style="red"))
    else:
        lines += [Text(visible(f"< {line}"), style="blue") for line in _message(exchange.response)]
    yield from _titled(title, lines)


def _message(message: Request | Response) -> Iterator[str]:
    yield message.start_line
    for name, value in message.headers:
        yield f"{name}: {value}"
    if message.body:
        yield ""
        yield from message.body.decode(errors="backslashreplace").rstrip("\n").split("\n")[:_LINES]
    if message.problem:
        yield f"({message.problem})"


def shown_points(effect: Effect, expected: Expected | None = None) -> Iterator[Text]:
    """What is stored, and what the page shows of it."""
    points = sorted(effect, key=lambda point: (point.table, point.tags, point.time_ns))
    lines = [Text(visible(point.line)) for point in points[:_POINTS]]
    if len(points) > _POINTS:
        lines.append(Text(f"… {len(points) - _POINTS} points more", style="dim"))
    yield from _titled("stored", lines or [Text("nothing")])
    if expected is not None:
        yield from _titled(f"expected at {expected.location}", [Text(visible(line)) for line in expected.text.split("\n")])
