"""The report for people: what failed with everything needed to mend it, then what was not proven, not collected, and the counts."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal

from rich.console import Console
from rich.text import Text

from docwitness.report import Report
from docwitness.reporters.details import details, visible
from docwitness.verdict import Kind, Outcome, Verdict

STYLES = {Outcome.PROVEN: "green", Outcome.REFUTED: "bold red", Outcome.UNPROVEN: "yellow", Outcome.ERROR: "bold magenta"}

_SHOWN_ALIKE = 5
"""Places that are listed for one reason; `docwitness list` and the report have all."""
_USUAL_LABELS = ("org.opencontainers.image.",)
"""Of images; all others are shown."""


class Terminal:
    """Plain text, or with ANSI colours when they are asked for."""

    name = "terminal"

    def __init__(self, *, color: bool = False) -> None:
        self._color = color

    def render(self, report: Report) -> str:
        """Lines are never wrapped, so that commands can be copied."""
        stream = io.StringIO()
        colors: Literal["standard"] | None = "standard" if self._color else None
        console = Console(file=stream, force_terminal=self._color, no_color=False, color_system=colors, highlight=False)
        for part in _parts(report):
            console.print(part, soft_wrap=True)
        return stream.getvalue()


def _parts(report: Report) -> Iterator[Text]:
    failing = [verdict for verdict in report.verdicts if verdict.failing]
    yield from _failures(report, [verdict for verdict in failing if verdict.outcome is not Outcome.UNPROVEN])
    yield from _listed("Not proven", [verdict for verdict in failing if verdict.outcome is Outcome.UNPROVEN])
    yield from _listed("Set aside by their pages", [verdict for verdict in report.verdicts if verdict.set_aside])
    yield from _uncollected(report)
    yield from _languages(report)
    yield from _kinds(report)
    yield from _circumstances(report)
    yield from (Text.assemble(("notice: ", "yellow"), notice) for notice in report.notices)
    yield _summary(report)


def _failures(report: Report, verdicts: Iterable[Verdict]) -> Iterator[Text]:
    for verdict in verdicts:
        yield _headline(verdict)
        if verdict.hint:
            yield Text.assemble(("  hint: ", "bold"), _indented(verdict.hint))
        yield from details(verdict, [report.evidence[key] for key in verdict.evidence])
        yield Text()


def _headline(verdict: Verdict) -> Text:
    place = f"{verdict.location.path}:{verdict.at or verdict.location.line}"
    return Text.assemble(
        (f"{verdict.outcome} ", STYLES[verdict.outcome]),
        (place, "bold"),
        "" if verdict.kind is Kind.PAGE else f" {verdict.id}",
        f" [{verdict.rule}]" if verdict.rule else "",
        "\n  ",
        _indented(verdict.reason),
    )


def _indented(text: str) -> str:
    return visible(text).replace("\n", "\n  ")


def _listed(title: str, verdicts: list[Verdict]) -> Iterator[Text]:
    if not verdicts:
        return
    yield Text(f"{title}:", style="bold")
    alike: Counter[tuple[str, Outcome, str]] = Counter()
    for verdict in verdicts:
        hint = f" ({verdict.hint})" if verdict.hint else ""
        rule = f"{verdict.rule}: " if verdict.rule else ""
        why = (rule, verdict.outcome, _indented(verdict.reason + hint))
        alike[why] += 1
        if alike[why] <= _SHOWN_ALIKE:
            yield Text.assemble("  ", str(verdict.location), f" {verdict.id} ", (rule, STYLES[verdict.outcome]), why[-1])
    for (rule, outcome, reason), count in alike.items():
        if count > _SHOWN_ALIKE:
            yield Text.assemble(f"  and {count - _SHOWN_ALIKE} more: ", (rule, STYLES[outcome]), reason)
    yield Text()


def _uncollected(report: Report) -> Iterator[Text]:
    if not report.uncollected:
        return
    yield Text.assemble((f"Not collected: {len(report.uncollected)}", "bold"), " (docwitness list shows each)")
    reasons = Counter(block.reason for block in report.uncollected)
    for reason, count in reasons.most_common():
        places = [str(block.location) for block in report.uncollected if block.reason == reason]
        more = ", …" if count > _SHOWN_ALIKE else ""
        yield Text(f"  {count:4} {reason}: {', '.join(places[:_SHOWN_ALIKE])}{more}")
    yield Text()


def _languages(report: Report) -> Iterator[Text]:
    languages = sorted({verdict.language for verdict in report.verdicts if verdict.sample is not None})
    for language in languages:
        counts = Counter(
            verdict.outcome for verdict in report.verdicts if verdict.sample is not None and verdict.language == language
        )
        yield Text.assemble(f"{language:10}", *_counted(counts))


def _kinds(report: Report) -> Iterator[Text]:
    """What tables claim; samples are counted by their languages."""
    for kind in (Kind.PARAMETER, Kind.VALUE, Kind.OPTION, Kind.ERROR):
        counts = Counter(verdict.outcome for verdict in report.verdicts if verdict.kind is kind)
        if counts:
            yield Text.assemble(f"{f'{kind}s':11}", *_counted(counts))


def _circumstances(report: Report) -> Iterator[Text]:
    if report.tools:
        yield Text("tools      " + ", ".join(f"{tool.name} {tool.version}" for tool in report.tools))
    if report.target is not None:
        profile = f", profile {report.target.profile}" if report.target.profile else ""
        address = f" at {report.target.address}" if report.target.address else ""
        yield Text(f"target     {report.target.kind}: {report.target.server}{profile}{address}")
        if (image := report.target.image) is not None:
            origin = image.digest or "not from a registry"
            yield Text(f"image      {image.name}, id {image.id}, {origin}")
            yield from (Text(f"           {label}={value}") for label, value in image.labels if not label.startswith(_USUAL_LABELS))


def _summary(report: Report) -> Text:
    head = "interrupted: " if report.interrupted else ""
    if not report.verdicts:
        return Text(f"{head}nothing to judge: no page has a sample that was chosen", style="yellow")
    return Text.assemble((head, "bold red"), *_counted(Counter(report.summary)), f" in {report.duration_s:.1f} s")


def _counted(counts: Counter[Outcome]) -> Iterator[tuple[str, str]]:
    """All that are not zero, and the proven always."""
    shown = [outcome for outcome in Outcome if counts[outcome] or outcome is Outcome.PROVEN]
    for outcome in shown:
        yield (f"{'' if outcome is shown[0] else ', '}{counts[outcome]} {outcome}", STYLES[outcome] if counts[outcome] else "")
