"""The databases of a server with their tokens and points: what requests and users in the same process share."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from threading import Lock
from types import MappingProxyType

from docwitness.server.auth import PERMISSIONS, Tokens, new_token
from docwitness.server.journal import DatabaseSettings, Journal, StoredToken
from docwitness.server.names import check_database_name
from docwitness.server.point import Point
from docwitness.server.schema import Limits


class Databases:
    """All databases of one journal. Settings and tokens are kept at hand, so that a write looks nothing up on disk."""

    def __init__(self, journal: Journal, *, partial_writes: bool = False, limits: Limits | None = None) -> None:
        self.journal = journal
        self._partial_writes = partial_writes
        self._limits = limits or Limits()
        self._changing = Lock()
        self._refresh()

    def _refresh(self) -> None:
        self._settings: Mapping[str, DatabaseSettings] = MappingProxyType(self.journal.databases())
        self._stored = self.journal.tokens()
        self.tokens = Tokens(self._stored)

    @property
    def settings(self) -> Mapping[str, DatabaseSettings]:
        """The databases by name."""
        return self._settings

    @property
    def stored_tokens(self) -> tuple[StoredToken, ...]:
        """What is kept of the tokens; their texts are not."""
        return self._stored

    def create_database(self, name: str, settings: DatabaseSettings | None = None) -> bool:
        """False when it exists already. Raises `ApiError` for a name that no database can have."""
        return self.create_granted(name, settings or DatabaseSettings(), ()) is not None

    def create_granted(
        self, name: str, settings: DatabaseSettings, grants: Iterable[Iterable[str]]
    ) -> list[tuple[str, str]] | None:
        """The same with a token for each of `grants`, the words of what it permits: their ids and texts; None when it exists."""
        check_database_name(name)
        tokens = [new_token(name, permissions) for permissions in grants]
        with self._changing:
            if not self.journal.create_database(name, settings, [stored for stored, _ in tokens]):
                return None
            self._refresh()
        return [(stored.id, text) for stored, text in tokens]

    def delete_database(self, name: str) -> bool:
        """Deletes its points and tokens as well; False when there is none of that name."""
        with self._changing:
            deleted = self.journal.delete_database(name)
            self._refresh()
        return deleted

    def create_token(self, database: str, permissions: Iterable[str] = PERMISSIONS) -> tuple[str, str]:
        """Id and text of a new token; the text is kept nowhere. Raises `KeyError` when there is no such database."""
        stored, text = new_token(database, permissions)
        with self._changing:
            if database not in self._settings:
                raise KeyError(database)
            self.journal.add_token(stored)
            self._refresh()
        return stored.id, text

    def delete_token(self, token_id: str) -> bool:
        """Revokes it at once; False when there is none of that id."""
        with self._changing:
            deleted = self.journal.delete_token(token_id)
            self._refresh()
        return deleted

    def points(
        self, database: str, table: str | None = None, given_up: Callable[[], bool] = lambda: False, *, in_memory: bool = False
    ) -> Iterator[Point]:
        """Merged rows, as `Journal.points` says."""
        return self.journal.points(database, table, given_up, in_memory=in_memory)

    def write(self, database: str, text: str, *, unit_ns: int) -> int:
        """Stores line protocol and returns the number of points; raises `ApiError`. Safe in any thread."""
        settings = self._settings.get(database)
        partial = settings.partial_writes if settings else None
        return self.journal.write(
            database,
            text,
            unit_ns=unit_ns,
            now_ns=time.time_ns(),
            partial_writes=self._partial_writes if partial is None else partial,
            limits=self._limits,
        )
