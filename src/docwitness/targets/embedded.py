"""The target `embedded`: our own write server in this process, in memory, with a fresh database for each scope."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from docwitness import __version__
from docwitness.description import TargetDescription
from docwitness.directives import ScopeSettings
from docwitness.errors import TargetUnavailableError, UsageError
from docwitness.exchange import Effect, StoredPoint
from docwitness.server.journal import DatabaseSettings
from docwitness.server.point import Point
from docwitness.server.profiles import CLOUD_DEDICATED, PROFILES
from docwitness.server.routes import description
from docwitness.server.service import ListenError, ServerOptions, Serving, serving
from docwitness.targets.base import Scope, Upstream
from docwitness.targets.names import new_database_name


class Embedded:
    """Starts in milliseconds, and is gone with the run. Raises `UsageError` for a profile that the server does not have."""

    def __init__(self, profile: str = CLOUD_DEDICATED.name) -> None:
        if profile not in PROFILES:
            raise UsageError(f"no profile named {profile!r}; known: {', '.join(sorted(PROFILES))}")
        self._profile = profile

    @asynccontextmanager
    async def running(self) -> AsyncIterator[RunningEmbedded]:
        """The server, while the block runs. Raises `TargetUnavailableError` when it cannot listen."""
        try:
            async with serving(ServerOptions(profile=self._profile)) as server:
                yield RunningEmbedded(server, self._profile)
        except ListenError as error:
            raise TargetUnavailableError(f"the embedded server {error}") from error


class RunningEmbedded:
    """The server in this process."""

    fresh_scopes = True

    def __init__(self, server: Serving, profile: str) -> None:
        self._databases = server.databases
        self._profile = profile
        self.upstream = Upstream(host="127.0.0.1", port=server.port)
        self.description = TargetDescription(kind="embedded", server=f"docwitness {__version__}", profile=profile)

    async def open_scope(self, settings: ScopeSettings) -> Scope:
        """A database of its own, and its tokens."""
        name = new_database_name()
        kept = DatabaseSettings(retention_s=settings.retention_s, partial_writes=settings.partial_writes)
        tokens = self._databases.create_granted(name, kept, (("read", "write"), ("read",)))
        assert tokens is not None, "the name is new"
        (_, token), (_, read_token) = tokens
        return Scope(database=name, token=token, read_token=read_token)

    async def close_scope(self, scope: Scope) -> None:
        """Drops the database with its tokens."""
        self._databases.delete_database(scope.database)

    async def effect(self, scope: Scope) -> Effect:
        """What the database holds."""
        return tuple(_stored(point) for point in self._databases.points(scope.database, in_memory=True))

    async def openapi(self) -> Mapping[str, Any]:
        """What it would serve."""
        return description(PROFILES[self._profile])


def _stored(point: Point) -> StoredPoint:
    fields = tuple((key, (str(kind), value)) for key, kind, value in point.fields)
    return StoredPoint(table=point.table, tags=point.tags, fields=fields, time_ns=point.time_ns)
