"""Tools: what samples are run with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A tool that a runner found."""

    name: str
    version: str
