"""Judges what a sample prints: its `output` block, and the output in a transcript."""

from __future__ import annotations

from collections.abc import Iterator

from docwitness import transcript
from docwitness.checks.finding import Finding
from docwitness.elision import shortened, text_difference
from docwitness.execution import Completed
from docwitness.rule import Rule
from docwitness.sample import Expected, Sample


def judge_output(block: Expected, stdout: str) -> Iterator[Finding]:
    """The first line of the block that is not what was printed."""
    difference = text_difference(block.text, stdout)
    if difference:
        last = block.text.count("\n")
        at = block.line(min(difference.line, last))
        yield Finding(rule=Rule.OUTPUT_DIFFERS, reason=f"in the output: {difference.reason}", at=at)


def judge_transcript(sample: Sample, execution: Completed) -> Iterator[Finding]:
    """The first line of output in a transcript that is not what its command printed. One without any output leaves it out."""
    steps = transcript.split(sample.text).steps
    if not any(step.output for step in steps):
        return
    told_apart = len(execution.outputs) == len(steps)
    parts = zip([[step] for step in steps], execution.outputs, strict=True) if told_apart else [(list(steps), execution.stdout)]
    for part, printed in parts:
        shown = [(line, text) for step in part if step.output for line, text in enumerate(step.output.split("\n"), step.behind)]
        difference = text_difference("\n".join(text for _, text in shown), printed)
        if difference:
            line = shown[min(difference.line, len(shown) - 1)][0] if shown else part[0].line
            at = None if sample.source else sample.line(line - 1)
            typed, *_ = part[0].command.split("\n")
            command = f" of {shortened(typed)}" if told_apart else ""
            yield Finding(rule=Rule.OUTPUT_DIFFERS, reason=f"in the output{command}: {difference.reason}", at=at)
            return
