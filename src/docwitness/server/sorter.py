"""A sorter: rows in the order of time, kept in a temporary file as soon as they are more than a few."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from operator import itemgetter

_CHARACTERS_HELD = 65536
"""Of rows, until there is a file."""
_CACHE_KIB = 256
"""Of the file. What sorts it takes a megabyte more (SQLite's `SQLITE_CONFIG_PMASZ`)."""

_STEPS = 10_000
"""Of SQLite's machine, between two looks whether sorting was given up."""

Row = tuple[int, int, str, str, str]
"""What one line brings to a point: its table as a number, its time in ns, its tags, and the keys and the values of its fields."""

POINT = itemgetter(0, 1, 2)
"""Of a row: what it has in common with the other rows of its point."""


class Sorter:
    """Rows by table, time and tags; those of one point in the order in which they were added.

    However many there are, they take little memory. The file has no name, so that nothing is left of it whatever ends the process;
    it lies where SQLite keeps such files: `SQLITE_TMPDIR`, `TMPDIR`, `/var/tmp`, `/tmp` (sqlite.org/tempfiles.html). Its methods
    raise `sqlite3.Error` where there is no room, or when `given_up` says so.
    """

    def __init__(self, given_up: Callable[[], bool]) -> None:
        self._given_up = given_up
        self._held: list[Row] = []
        self._connection: sqlite3.Connection | None = None

    def add(self, rows: Iterable[Row]) -> None:
        """All of them; to be called once."""
        size = 0
        following = iter(rows)
        for row in following:
            self._held.append(row)
            size += sum(map(len, row[2:]))
            if size > _CHARACTERS_HELD:
                self._keep(chain(self._held, following))
                self._held.clear()

    def sorted(self) -> Iterator[Row]:
        """What was added."""
        if self._connection is None:
            return iter(sorted(self._held, key=POINT))
        return self._connection.execute("SELECT * FROM rows ORDER BY table_, time_ns, tags, rowid")

    def close(self) -> None:
        """The file is gone then."""
        if self._connection is not None:
            self._connection.close()

    def _keep(self, rows: Iterable[Row]) -> None:
        connection = self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for setting in (f"cache_size = -{_CACHE_KIB}", "temp_store = FILE", "journal_mode = OFF", "synchronous = OFF"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute("CREATE TABLE rows (table_ INTEGER, time_ns INTEGER, tags TEXT, keys TEXT, values_ TEXT)")
        connection.set_progress_handler(self._given_up, _STEPS)
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?)", rows)
        connection.execute("COMMIT")
