"""Rules for names of databases (influxdata/influxdb `data_types/src/namespace_name.rs`).

Letters and digits are those of Unicode. Python and Rust differ in combining vowel signs and in
circled and squared letters (Unicode's `Other_Alphabetic`), which this refuses.
"""

from __future__ import annotations

from docwitness.server.errors import NAME_CHARACTER, NAME_LENGTH

LONGEST = 64
"""Bytes of UTF-8."""


def check_database_name(name: str) -> None:
    """Raises `ApiError` for a name that no database can have; length comes before characters."""
    if not 1 <= len(name.encode()) <= LONGEST:
        raise NAME_LENGTH.error(name=name)
    for index, character in enumerate(name):
        if not (character.isalnum() or character in "/_-"):
            raise NAME_CHARACTER.error(name=name, index=index)
