"""The SQLite file under the journal: opened for this process alone, checked, and of a known format."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

FILE_NAME = "journal.sqlite3"
FORMAT = 1
APPLICATION_ID = 0x64774A4C
"""In the head of the file, so that a foreign database is never written to: SQLite's `PRAGMA application_id`."""
LOCK_WAIT_S = 1.0
"""How long a server that is about to end may keep the next one waiting."""

_TABLES = """
CREATE TABLE databases (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    retention_s INTEGER,
    partial_writes INTEGER
) STRICT;
CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    digest BLOB NOT NULL,
    database_id INTEGER NOT NULL REFERENCES databases ON DELETE CASCADE,
    permissions TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE tables (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    database_id INTEGER NOT NULL REFERENCES databases ON DELETE CASCADE,
    name TEXT NOT NULL,
    UNIQUE (database_id, name)
) STRICT;
CREATE TABLE columns (
    table_id INTEGER NOT NULL REFERENCES tables ON DELETE CASCADE,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    PRIMARY KEY (table_id, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE frames (
    id INTEGER PRIMARY KEY,
    table_id INTEGER NOT NULL REFERENCES tables ON DELETE CASCADE,
    content TEXT NOT NULL
) STRICT;
CREATE INDEX frames_of_table ON frames (table_id);
CREATE INDEX tokens_of_database ON tokens (database_id);
"""

_REASONS = {
    "SQLITE_BUSY": "it is in use by another process",
    "SQLITE_NOTADB": "it is not a journal of docwitness",
    "SQLITE_CORRUPT": "it is damaged",
    "SQLITE_READONLY": "it cannot be written to",
    "SQLITE_CANTOPEN": "it cannot be opened or made there",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_IOERR": "the disk does not read or write",
}


class JournalError(Exception):
    """The journal cannot be opened; the text says why, for a user."""


def open_storage(folder: Path | None, *, sync: bool) -> tuple[sqlite3.Connection, bool]:
    """The open file in `folder` (None: in memory), and whether it is new. Raises JournalError."""
    path = _make_folder(folder) / FILE_NAME if folder else None
    try:
        connection = sqlite3.connect(path or ":memory:", timeout=LOCK_WAIT_S, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise JournalError(f"{path}: {_reason(error)}") from error
    try:
        return connection, _prepare(connection, sync=sync)
    except sqlite3.Error as error:
        connection.close()
        raise JournalError(f"{path}: {_reason(error)}") from error
    except JournalError as error:
        connection.close()
        raise JournalError(f"{path}: {error}") from error


def _reason(error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", "")
    primary = "_".join(name.split("_")[:2])
    return f"{_REASONS[primary]} ({error})" if primary in _REASONS else str(error)


def _make_folder(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise JournalError(f"{folder}: it cannot be made a folder ({error.strerror})") from error
    for path in (folder, folder / FILE_NAME):
        if path.exists() and not os.access(path, os.W_OK):
            raise JournalError(f"{path}: it cannot be written to")
    return folder


def _prepare(connection: sqlite3.Connection, *, sync: bool) -> bool:
    # Exclusive locking keeps every other process out, and the index of the log in memory instead of a shared file.
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    new = _is_new(connection)
    # In WAL mode a committed transaction survives the end of the process; a power cut only with FULL.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {'FULL' if sync else 'NORMAL'}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("BEGIN IMMEDIATE")
    if new:
        for statement in _TABLES.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.execute("COMMIT")
    return new


def _is_new(connection: sqlite3.Connection) -> bool:
    """Whether the file is empty. Raises JournalError for one of another program or of a newer format."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (entries,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application == 0 and version == 0 and entries == 0:
        return True
    if application != APPLICATION_ID:
        raise JournalError("it is not a journal of docwitness (a database of another program)")
    if version != FORMAT:
        raise JournalError(f"it has format {version}, and this docwitness knows format {FORMAT}: use the version that made it")
    return False
