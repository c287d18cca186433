"""Judges how a sample ended: syntax, exit status, time limit, and what its tool complains of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docwitness.checks.finding import Finding
from docwitness.execution import Completed, Execution, Replayed, Skipped, TimedOut
from docwitness.rule import Rule
from docwitness.sample import Language, Sample
from docwitness.verdict import Outcome

_ERROR_LINE = re.compile(r"\b\w*(?:Error|Exception|error|not found|No such file)\b")
_PROMPTS = frozenset({"$", "%"})
"""Of shells, where they stand for a command."""
_CURL = {
    3: "the URL cannot be read (a space in it, or a quotation mark that is missing)",
    6: "the host cannot be found",
    7: "nobody listens at that address",
    22: "the target answered with an error",
    26: "a file to send cannot be read (a `file` block of the page makes one)",
    28: "curl's own time limit passed",
    52: "the target closed the connection without an answer",
    56: "the connection was refused or broke off",
}
"""Exit statuses of curl, from its manual."""


def judge_execution(sample: Sample, execution: Execution | Replayed) -> Iterator[Finding]:
    """What is wrong with how it ended."""
    match execution:
        case Skipped(session_ended=True):
            yield Finding(rule=Rule.SETUP_FAILED, reason=execution.reason, outcome=Outcome.ERROR)
        case Skipped():
            yield Finding(rule=Rule.MISSING_TOOL, reason=execution.reason, hint=execution.hint, outcome=Outcome.UNPROVEN)
        case TimedOut():
            yield Finding(
                rule=Rule.TIMED_OUT,
                reason=f"it did not end within {execution.limit_s:g} s{_last_words(execution.stderr)}",
                hint="`timeout=SECONDS` gives it more time",
            )
        case Completed():
            yield from _judge_completed(sample, execution)
        case Replayed():
            return


def _judge_completed(sample: Sample, execution: Completed) -> Iterator[Finding]:
    at = _line_of_page(sample, execution.failed_line)
    expected = sample.directives.exit
    failed = execution.exit_status != expected
    words = "" if execution.complaint else _last_words(execution.stderr)
    if execution.syntax_error:
        told = f": {execution.complaint}" if execution.complaint else words
        yield Finding(rule=Rule.SYNTAX, reason=f"it cannot be parsed{told}", at=at)
        return
    if execution.undefined_name is not None and (failed or expected != 127):
        name = execution.undefined_name
        hint = f"is {name!r} a prompt? The language `console` is for transcripts" if name in _PROMPTS else ""
        yield Finding(rule=Rule.UNDEFINED_NAME, reason=f"{name!r} is not defined{words}", hint=hint, at=at)
    elif failed:
        reason = f"expected exit status {expected}, was {execution.exit_status}{words}"
        yield Finding(rule=Rule.EXIT_STATUS, reason=reason, hint=_exit_hint(sample, execution.exit_status), at=at)
    if execution.complaint and not _expects_refusal(sample):
        yield Finding(rule=Rule.COMPLAINT, reason=f"its tool reports: {execution.complaint}", at=at)


def _expects_refusal(sample: Sample) -> bool:
    """Whether the page says that a request is refused: then a complaint is what its reader is to see."""
    expect = sample.directives.expect
    return expect is not None and any(not status.startswith("2") for status in expect.statuses)


def _line_of_page(sample: Sample, line: int | None) -> int | None:
    """None also for a text from an included file, whose lines are not those of the page."""
    return None if line is None or sample.source else sample.line(line - 1)


def _last_words(stderr: str) -> str:
    """The line of standard error that says most: the last that speaks of an error, or else the last."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    telling = [line for line in lines if _ERROR_LINE.search(line)] or lines
    return f": {telling[-1][:300]}" if telling else ""


def _exit_hint(sample: Sample, status: int) -> str:
    if sample.language == Language.SHELL and status in _CURL and "curl" in sample.text:
        return f"curl exits {status} when {_CURL[status]}"
    if status == 127:
        return "the shell did not find a command"
    return ""
