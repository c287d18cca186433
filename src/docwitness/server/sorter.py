"""A sorter: rows in the order of time, kept in a temporary file as soon as they are more than a few."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from docwitness.server.compact import decoded, encoded

_CHARACTERS_HELD = 65536
"""Of frames, until there is a file."""
_CACHE_KIB = 256
"""Of the file. What sorts it takes a megabyte more (SQLite's `SQLITE_CONFIG_PMASZ`)."""

_STEPS = 10_000
"""Of SQLite's machine, between two looks whether sorting was given up."""

Row = tuple[int, int, str, Sequence[str], Sequence[Any]]
"""What one line brings to a point: its table as a number, its time in ns, its tags, and the keys and the values of its fields."""

POINT = itemgetter(0, 1, 2)
"""Of a row: what it has in common with the other rows of its point."""


class Sorter:
    """Rows by table, time and tags; those of one point in the order in which they were added.

    However many there are, they take little memory. The file has no name, so that nothing is left of it whatever ends the process;
    it lies where SQLite keeps such files: `SQLITE_TMPDIR`, `TMPDIR`, `/var/tmp`, `/tmp` (sqlite.org/tempfiles.html). Its methods
    raise `sqlite3.Error` where there is no room, or when `given_up` says so.
    """

    def __init__(self, given_up: Callable[[], bool], *, in_memory: bool = False) -> None:
        """`in_memory`: there is no file, however many they are."""
        self._given_up = given_up
        self._most = math.inf if in_memory else _CHARACTERS_HELD
        self._held: list[Row] = []
        self._characters = 0
        self._connection: sqlite3.Connection | None = None

    def add(self, rows: Iterable[Row], characters: int) -> None:
        """More of them, made from a text of that length."""
        self._characters += characters
        if self._characters <= self._most:
            self._held += rows
            return
        if self._connection is None:
            self._connection = self._open()
            self._keep(self._connection, self._held)
            self._held.clear()
        self._keep(self._connection, rows)

    def sorted(self) -> Iterator[Row]:
        """What was added."""
        if self._connection is None:
            return iter(sorted(self._held, key=POINT))
        keys_of = lru_cache(1)(decoded)  # neighbours often have the same
        found = self._connection.execute("SELECT * FROM rows ORDER BY table_, time_ns, tags, rowid")
        return ((table, time_ns, tags, keys_of(keys), decoded(values)) for table, time_ns, tags, keys, values in found)

    def close(self) -> None:
        """The file is gone then."""
        if self._connection is not None:
            self._connection.close()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for setting in (f"cache_size = -{_CACHE_KIB}", "temp_store = FILE", "journal_mode = OFF", "synchronous = OFF"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute("CREATE TABLE rows (table_ INTEGER, time_ns INTEGER, tags TEXT, keys TEXT, values_ TEXT)")
        connection.set_progress_handler(self._given_up, _STEPS)
        connection.execute("BEGIN")
        return connection

    def _keep(self, connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
        texts = ((table, time_ns, tags, encoded(keys), encoded(values)) for table, time_ns, tags, keys, values in rows)
        connection.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?)", texts)
