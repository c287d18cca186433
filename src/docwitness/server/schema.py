"""What the columns of a database's tables are, and how many there may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from docwitness.server.errors import COLUMN_LIMIT, TABLE_LIMIT
from docwitness.server.point import FieldType


class ColumnType(StrEnum):
    """Kind and type of a column; the first write that names a column fixes it for good."""

    TAG = "tag"
    FLOAT = "float"
    INT = "int"
    UINT = "uint"
    STRING = "string"
    BOOL = "bool"

    @property
    def described(self) -> str:
        """As messages name it: influxdata/influxdb3_core `schema/src/lib.rs`."""
        return f"iox::column_type::{_DESCRIBED[self]}"


_DESCRIBED = {
    ColumnType.TAG: "tag",
    ColumnType.FLOAT: "field::float",
    ColumnType.INT: "field::integer",
    ColumnType.UINT: "field::uinteger",
    ColumnType.STRING: "field::string",
    ColumnType.BOOL: "field::boolean",
}

FIELD_COLUMNS = {field_type: ColumnType(field_type.value) for field_type in FieldType}

Columns = Mapping[str, ColumnType]
"""The columns of a table by name, without `time`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Service limits of Cloud Dedicated: influxdata/docs-v2 `content/influxdb3/cloud-dedicated/admin/databases/_index.md`."""

    tables: int = 500
    """In a database."""
    columns: int = 250
    """In a table, including `time`."""


@dataclass(frozen=True, slots=True)
class Schema:
    """All tables of a database; replaced, never changed."""

    tables: Mapping[str, Columns] = field(default_factory=dict)

    def with_columns(self, new: Mapping[str, Columns]) -> Schema:
        """The schema with new columns, and the new tables that they make."""
        return Schema({**self.tables, **{table: {**self.tables.get(table, {}), **columns} for table, columns in new.items()}})

    def check_limits(self, new: Mapping[str, Columns], limits: Limits) -> None:
        """Whether new columns may be added. Raises ApiError.

        What already goes beyond a limit may stay, not grow: influxdata/influxdb `router/src/dml_handlers/schema_validation.rs`.
        """
        tables = len(self.tables)
        for table, columns in new.items():
            existing = self.tables.get(table)
            present = 0 if existing is None else len(existing) + 1
            total = (present or 1) + len(columns)
            if columns and total > limits.columns:
                raise COLUMN_LIMIT.error(table=table, existing=present, result=total, limit=limits.columns)
            if existing is None:
                tables += 1
                if tables > limits.tables:
                    raise TABLE_LIMIT.error(existing=len(self.tables), result=tables, limit=limits.tables)
