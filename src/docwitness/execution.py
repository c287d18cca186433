"""What came of running a sample. A sample that fails, hangs or cannot be run is a value, never an exception."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """The sample ran to its end."""

    exit_status: int
    """As a shell reports it: 128 + N when signal N ended it."""
    stdout: str
    stderr: str
    duration_s: float
    failed_line: int | None = None
    """The 1-based line of the sample's text that the tool blames, when it names one."""
    syntax_error: bool = False
    """The tool could not parse the sample."""
    undefined_name: str | None = None
    """The name that the tool says does not exist."""
    complaint: str | None = None
    """What the tool itself reports as wrong although its exit status is 0 (a Telegraf error line)."""
    outputs: tuple[str, ...] = ()
    """Of a transcript, what each of its commands printed; empty where that cannot be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedOut:
    """The sample was killed, with everything that it had started."""

    limit_s: float
    stdout: str
    stderr: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """The sample could not be run here."""

    reason: str
    hint: str = ""
    """How to get what is missing."""
    session_ended: bool = False
    """Whether nothing is missing, but the session has ended that it was to continue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """No sample ran: docwitness itself sent the request of one, with or without a change."""


Execution = Completed | TimedOut | Skipped
