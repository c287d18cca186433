"""The journal: databases, their tokens and settings, and all that was ever written to them, in one SQLite file.

A request is stored as one frame for each table it writes to, in one transaction; frames are merged into points when they are read.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from docwitness.server.batch import Batch, Terms, read_batch
from docwitness.server.errors import NO_DATABASE, STORAGE
from docwitness.server.frame import encode, merged
from docwitness.server.point import Point
from docwitness.server.schema import Columns, ColumnType, Limits, Schema
from docwitness.server.sorter import Sorter
from docwitness.server.storage import JournalError, open_storage

CHARACTERS_AT_ONCE = 65536
"""Of frames, read under the lock in one go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings:
    """What may differ from database to database; None is the server's default."""

    retention_s: int | None = None
    partial_writes: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredToken:
    """A token as it is kept: its digest, never the token itself."""

    id: str
    digest: bytes
    database: str
    permissions: frozenset[str]
    """Of the words `read` and `write`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Database:
    """What is known of a database without reading its frames; replaced, never changed."""

    id: int
    settings: DatabaseSettings
    schema: Schema = field(default_factory=Schema)
    table_ids: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is read, and whether anybody still wants it."""

    database: str
    database_id: int
    last_frame: int
    given_up: Callable[[], bool]


_NONE = _Database(id=0, settings=DatabaseSettings())
"""Stands for one that does not exist."""


class Journal:
    """All its methods may be called from any thread.

    Where the file cannot be read or written (full disk, read-only), they raise the ApiError that the router answers when it has
    no storage, with the error of SQLite as its cause, and what they were to change is as it was.
    """

    def __init__(self, connection: sqlite3.Connection, *, new: bool) -> None:
        self.new = new
        """Whether there was no journal before."""
        self._connection = connection
        self._lock = threading.RLock()
        self._given_up = threading.Event()
        self._databases = _load_databases(connection)
        self._tokens = _load_tokens(connection)
        (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM frames").fetchone()
        self._last_frame: int = last
        """Frames are numbered in the order they were written."""

    @classmethod
    def open(cls, folder: Path | None, *, sync: bool = False) -> Journal:
        """The journal in a folder, made where there is none; None: in memory, and gone when it is closed.

        A write that returned survives the end of the process, with `sync` also a power cut. Raises JournalError.
        """
        connection, new = open_storage(folder, sync=sync)
        try:
            return cls(connection, new=new)
        except sqlite3.Error as error:
            connection.close()
            raise JournalError(f"{folder}: it is damaged ({error})") from error

    def give_up(self) -> None:
        """Refuses requests whose lines are still being read, as without storage, so that the end need not wait for them."""
        self._given_up.set()

    def close(self) -> None:
        """Ends it; no method may be called any more."""
        with self._lock:
            self._connection.close()

    def create_database(self, name: str, settings: DatabaseSettings, tokens: Sequence[StoredToken] = ()) -> bool:
        """Its tokens come with it, or it does not come. False where it exists already."""
        with self._lock:
            if name in self._databases:
                return False
            with self._transaction():
                row = (name, settings.retention_s, settings.partial_writes)
                cursor = self._connection.execute("INSERT INTO databases (name, retention_s, partial_writes) VALUES (?, ?, ?)", row)
                id_ = cursor.lastrowid or 0
                self._insert_tokens(id_, tokens)
            self._databases[name] = _Database(id=id_, settings=settings)
            self._tokens = self._tokens | {token.id: token for token in tokens}
            return True

    def delete_database(self, name: str) -> bool:
        """Removes its points and its tokens with it. False where there is none."""
        with self._lock:
            database = self._databases.get(name)
            if database is None:
                return False
            with self._transaction():
                self._connection.execute("DELETE FROM databases WHERE id = ?", (database.id,))
            del self._databases[name]
            self._tokens = {id_: token for id_, token in self._tokens.items() if token.database != name}
            return True

    def databases(self) -> dict[str, DatabaseSettings]:
        """By name."""
        with self._lock:
            return {name: database.settings for name, database in self._databases.items()}

    def add_token(self, token: StoredToken) -> None:
        """Raises KeyError where its database does not exist."""
        with self._lock:
            database_id = self._databases[token.database].id
            with self._transaction():
                self._insert_tokens(database_id, [token])
            self._tokens = self._tokens | {token.id: token}

    def delete_token(self, id: str) -> bool:  # noqa: A002
        """False where there is none of that id."""
        with self._lock:
            if id not in self._tokens:
                return False
            with self._transaction():
                self._connection.execute("DELETE FROM tokens WHERE id = ?", (id,))
            self._tokens = {id_: token for id_, token in self._tokens.items() if id_ != id}
            return True

    def tokens(self) -> tuple[StoredToken, ...]:
        """All of them."""
        return tuple(self._tokens.values())

    def write(self, database: str, text: str, *, unit_ns: int, now_ns: int, partial_writes: bool, limits: Limits) -> int:
        """Stores the lines of a request and returns how many they are; it is durable when this returns.

        Raises ApiError: bad lines, retention, limits (nothing is stored then, but with `partial_writes` the good lines, limits
        apart), a database that does not exist, or a storage failure.
        """
        terms = Terms(unit_ns=unit_ns, now_ns=now_ns, partial_writes=partial_writes, limits=limits, given_up=self._given_up.is_set)
        stored = False
        while not stored:
            known = self._databases.get(database, _NONE)
            batch = read_batch(text, replace(terms, retention_s=known.settings.retention_s), known.schema)
            refusal = batch.refusal()
            if refusal and not (partial_writes and batch.tables):
                raise refusal
            if not batch.tables:
                return 0
            stored = self._store(database, known, batch)
        if refusal:
            raise refusal
        return batch.points

    def points(
        self, database: str, table: str | None = None, given_up: Callable[[], bool] = lambda: False, *, in_memory: bool = False
    ) -> Iterator[Point]:
        """The merged points of a table, or of all tables, as they are now. Raises KeyError where the database does not exist.

        Before the first point comes, all are read and sorted, which ends early when `given_up` says so or the journal is given up;
        and with a KeyError when the database is deleted meanwhile. What was begun may hold a temporary file until it is at its end
        or let go of; with `in_memory`, for those who keep all points in memory anyway, there is none, and it is quicker.
        """
        with self._lock:
            known, last = self._databases[database], self._last_frame
        reading = _Reading(database, known.id, last, lambda: given_up() or self._given_up.is_set())
        sorter = Sorter(reading.given_up, in_memory=in_memory)
        return self._points(known, reading, [name for name in known.table_ids if table in (None, name)], sorter)

    def _points(self, known: _Database, reading: _Reading, names: Sequence[str], sorter: Sorter) -> Iterator[Point]:
        frames = ((number, frame) for number, name in enumerate(names) for frame in self._frames(reading, known.table_ids[name]))
        with _storage_errors():
            yield from merged([(name, known.schema.tables[name]) for name in names], frames, sorter)

    def _frames(self, reading: _Reading, table_id: int) -> Iterator[str]:
        first = 0
        while some := self._some_frames(reading, table_id, first):
            yield from (content for _, content in some)
            first = some[-1][0] + 1
            if reading.given_up():
                raise STORAGE.error()

    def _some_frames(self, reading: _Reading, table_id: int, first: int) -> list[tuple[int, str]]:
        query = "SELECT id, content FROM frames WHERE table_id = ? AND id BETWEEN ? AND ? ORDER BY id"
        found: list[tuple[int, str]] = []
        size = 0
        values = (table_id, first, reading.last_frame)
        with self._lock, _storage_errors(), closing(self._connection.execute(query, values)) as cursor:
            if self._databases.get(reading.database, _NONE).id != reading.database_id:
                raise KeyError(reading.database)
            for number, content in cursor:
                found.append((number, content))
                size += len(content)
                if size > CHARACTERS_AT_ONCE:
                    break
        return found

    def _store(self, name: str, known: _Database, batch: Batch) -> bool:
        """False where another request has since made a column that the batch has with another type: it is to be read again then.

        Never under the lock, since that may take long and others wait for the lock.
        """
        contents = {table: encode(rows) for table, rows in batch.tables.items()}
        with self._lock:
            database = self._databases.get(name)
            if database is None or database.id != known.id:  # Deleted, and perhaps made anew, for others.
                raise NO_DATABASE.error(name=name)
            if database is not known and not batch.fits(database.schema):
                return False
            new = batch.new_columns(database.schema)
            database.schema.check_limits(new, batch.terms.limits)
            self._insert(name, database, new, contents)
        return True

    def _insert(self, name: str, database: _Database, new: Mapping[str, Columns], contents: Mapping[str, str]) -> None:
        table_ids = dict(database.table_ids)
        with self._transaction():
            for table, columns in new.items():
                if table not in table_ids:
                    table_ids[table] = self._insert_table(database.id, table)
                rows = [(table_ids[table], column, type_) for column, type_ in columns.items()]
                self._connection.executemany("INSERT INTO columns (table_id, name, type) VALUES (?, ?, ?)", rows)
            frames = [
                (id_, table_ids[table], content) for id_, (table, content) in enumerate(contents.items(), self._last_frame + 1)
            ]
            self._connection.executemany("INSERT INTO frames (id, table_id, content) VALUES (?, ?, ?)", frames)
        self._last_frame += len(frames)
        if new:
            self._databases[name] = replace(database, schema=database.schema.with_columns(new), table_ids=table_ids)

    def _insert_tokens(self, database_id: int, tokens: Iterable[StoredToken]) -> None:
        rows = [(token.id, token.digest, database_id, " ".join(sorted(token.permissions))) for token in tokens]
        self._connection.executemany("INSERT INTO tokens (id, digest, database_id, permissions) VALUES (?, ?, ?, ?)", rows)

    def _insert_table(self, database_id: int, name: str) -> int:
        return self._connection.execute("INSERT INTO tables (database_id, name) VALUES (?, ?)", (database_id, name)).lastrowid or 0

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing. Raises ApiError on a storage failure."""
        with _storage_errors():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")


@contextmanager
def _storage_errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise STORAGE.error() from error


def _load_databases(connection: sqlite3.Connection) -> dict[str, _Database]:
    tables: dict[int, dict[str, int]] = {}
    for id_, database_id, name in connection.execute("SELECT id, database_id, name FROM tables ORDER BY id"):
        tables.setdefault(database_id, {})[name] = id_
    columns: dict[int, dict[str, ColumnType]] = {}
    for table_id, name, type_ in connection.execute("SELECT table_id, name, type FROM columns"):
        columns.setdefault(table_id, {})[name] = ColumnType(type_)
    databases: dict[str, _Database] = {}
    for id_, name, retention_s, partial in connection.execute("SELECT id, name, retention_s, partial_writes FROM databases"):
        table_ids = tables.get(id_, {})
        schema: dict[str, Columns] = {table: columns.get(table_id, {}) for table, table_id in table_ids.items()}
        settings = DatabaseSettings(retention_s=retention_s, partial_writes=None if partial is None else bool(partial))
        databases[name] = _Database(id=id_, settings=settings, schema=Schema(schema), table_ids=table_ids)
    return databases


def _load_tokens(connection: sqlite3.Connection) -> dict[str, StoredToken]:
    query = "SELECT t.id, t.digest, d.name, t.permissions FROM tokens t JOIN databases d ON d.id = t.database_id"
    return {
        id_: StoredToken(id=id_, digest=digest, database=database, permissions=frozenset(permissions.split()))
        for id_, digest, database, permissions in connection.execute(query)
    }
