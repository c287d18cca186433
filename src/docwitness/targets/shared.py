"""A running server that we may not administer, made use of as it is."""

from __future__ import annotations

from docwitness.description import TargetDescription
from docwitness.directives import ScopeSettings
from docwitness.targets.base import Scope, Upstream


class SharedServer:
    """A server that we may not administer: one token and one database for all samples, and no way to see what they store."""

    fresh_scopes = False

    def __init__(self, scope: Scope, upstream: Upstream, description: TargetDescription) -> None:
        self._scope = scope
        self.upstream = upstream
        self.description = description

    async def open_scope(self, settings: ScopeSettings) -> Scope:  # noqa: ARG002 - the database is as it is
        """The one that all share."""
        return self._scope

    async def close_scope(self, scope: Scope) -> None:
        """Nothing was made."""

    async def effect(self, scope: Scope) -> None:  # noqa: ARG002
        """Not observable."""
        return

    async def openapi(self) -> None:
        """Where its description is, only its maker knows."""
        return
