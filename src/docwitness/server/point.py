"""A typed point, the unit of what is stored."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FieldType(StrEnum):
    """Types of field values, with the words of the administration API."""

    FLOAT = "float"
    INT = "int"
    UINT = "uint"
    STRING = "string"
    BOOL = "bool"


FieldValue = float | int | str | bool


@dataclass(frozen=True, slots=True)
class Point:
    """One row of a table. Its identity is table, tags and time."""

    table: str
    tags: tuple[tuple[str, str], ...]
    """Sorted by key."""
    fields: tuple[tuple[str, FieldType, FieldValue], ...]
    """Sorted by key."""
    time_ns: int
