"""Judges what a sample prints: its `output` block, and the output in a transcript."""

from __future__ import annotations

from collections.abc import Iterator

from docwitness import transcript
from docwitness.checks.elision import text_difference
from docwitness.checks.finding import Finding
from docwitness.sample import Expected, Sample
from docwitness.verdict import Rule


def judge_output(block: Expected, stdout: str) -> Iterator[Finding]:
    """The first line of the block that is not what was printed."""
    difference = text_difference(block.text, stdout)
    if difference:
        last = block.text.count("\n")
        at = block.first_line + min(difference.line, last)
        yield Finding(rule=Rule.OUTPUT_DIFFERS, reason=f"in the output: {difference.reason}", at=at)


def judge_transcript(sample: Sample, stdout: str) -> Iterator[Finding]:
    """The first line of output in a transcript that is not what was printed. One without any output leaves it out."""
    shown = [
        (step.line + step.command.count("\n") + 1 + number, line)
        for step in transcript.split(sample.text).steps
        if step.output
        for number, line in enumerate(step.output.split("\n"))
    ]
    if not shown:
        return
    difference = text_difference("\n".join(line for _, line in shown), stdout)
    if difference:
        line = shown[min(difference.line, len(shown) - 1)][0]
        at = None if sample.source else sample.first_line + line - 1
        yield Finding(rule=Rule.OUTPUT_DIFFERS, reason=f"in the output: {difference.reason}", at=at)
