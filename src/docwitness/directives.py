"""What a page tells docwitness about a block or a table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a block or a table is for."""

    SAMPLE = "sample"
    FILE = "file"
    """Not run: put into the working folder of the page's samples."""
    RESPONSE = "response"
    OUTPUT = "output"
    STORED = "stored"
    PARAMETERS = "parameters"
    VALUES = "values"
    OPTIONS = "options"
    ERRORS = "errors"


TABLE_ROLES = frozenset({Role.PARAMETERS, Role.VALUES, Role.OPTIONS, Role.ERRORS})
"""Of tables and lists whose rows are claims."""
EXPECTED_ROLES = frozenset({Role.RESPONSE, Role.OUTPUT, Role.STORED})
"""Of blocks that say what comes of the sample before them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """Statuses that the exchanges of a sample must have."""

    statuses: tuple[str, ...] = ("2xx",)
    """Each is three digits, or a class such as `2xx`. One stands for all exchanges; several stand for as many, in order."""
    requests: bool = True
    """False for `expect=none`: the sample makes no request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeSettings:
    """Settings of the fresh database of a sample (`scope="retention=1d partial-writes"`)."""

    retention_s: int | None = None
    """Seconds; None keeps everything."""
    partial_writes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Directives:
    """All directives of one block or table; absent ones have their defaults."""

    role: Role = Role.SAMPLE
    id: str | None = None
    expect: Expect | None = None
    """None: not said. Then 2xx, and at least one exchange where the sample names its target."""
    exit: int = 0
    session: str | None = None
    setup: str | None = None
    file: str | None = None
    scope: ScopeSettings = ScopeSettings()
    skip: str | None = None
    xfail: str | None = None
    timeout_s: float | None = None
    same: str | None = None
    of: str | None = None
    base: str | None = None
    partial: str | None = None
    """Why a table does not have all parameters, or options, that there are."""
