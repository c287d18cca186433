"""Evidence: everything that is known about one run of one sample."""

from __future__ import annotations

from dataclasses import dataclass

from docwitness.exchange import Effect, Exchange, RefusedHost
from docwitness.execution import Execution, Replayed


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Tokens are redacted in all of it that is kept or shown (`docwitness.redaction`)."""

    execution: Execution | Replayed
    exchanges: tuple[Exchange, ...] = ()
    """Those of this sample, in order."""
    refused: tuple[RefusedHost, ...] = ()
    earlier: tuple[Exchange, ...] = ()
    """Those that set-ups and predecessors of its session made in the same scope before it."""
    effect: Effect | None = None
    """All points of its scope after it ran; None when the target cannot tell."""
    change: str = ""
    """What was changed in the sample or its request before it ran, in words; empty for a sample as it stands."""
    ended_ns: int = 0
    """Wall clock when it ended, nanoseconds since the epoch."""
