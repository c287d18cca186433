"""The contract of a target."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from docwitness.description import TargetDescription
from docwitness.directives import ScopeSettings
from docwitness.exchange import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """Where the recorder forwards to."""

    host: str
    port: int
    tls: bool = False
    base_path: str = ""
    """Put before the path of each request; empty for our own servers."""
    host_header: str | None = None
    """What `Host` becomes; None leaves it as the client sent it."""
    network: str = ""
    """The network of containers that it is in besides, where this run has made one for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A database and its tokens, fresh for one sample where the target can."""

    database: str
    token: str
    """May write and read."""
    read_token: str
    """May only read."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """What its samples find in their environment besides."""
    secrets: tuple[str, ...] = ()
    """What must not be shown, tokens aside."""


class RunningTarget(Protocol):
    """A target that answers."""

    @property
    def description(self) -> TargetDescription:
        """Who answers."""
        ...

    @property
    def upstream(self) -> Upstream:
        """Where the recorder forwards to."""
        ...

    @property
    def fresh_scopes(self) -> bool:
        """False when all samples share one database: then they run one after another, and effects are not observable."""
        ...

    async def open_scope(self, settings: ScopeSettings) -> Scope:
        """Raises `TargetError` when it cannot be had."""
        ...

    async def close_scope(self, scope: Scope) -> None:
        """Drops the scope's database and tokens, where they were made for it."""
        ...

    async def effect(self, scope: Scope) -> Effect | None:
        """All points of the scope's database; None when this target cannot tell."""
        ...

    async def openapi(self) -> Mapping[str, Any] | None:
        """The OpenAPI description that it gives of itself; None when it gives none."""
        ...


class Target(Protocol):
    """Something that can be started, or reached."""

    def running(self) -> AbstractAsyncContextManager[RunningTarget]:
        """Raises `TargetUnavailableError` when it cannot be had."""
        ...
