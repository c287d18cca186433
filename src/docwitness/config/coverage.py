"""Reads what a configuration demands of coverage."""

from __future__ import annotations

from docwitness.config.source import Source
from docwitness.config.values import number, texts
from docwitness.settings import CoverageSettings, Inability

_KEYS = ("floor", "languages", "cannot")


def coverage(source: Source) -> CoverageSettings:
    """The table `coverage`. Raises `ConfigurationError` for what it cannot be."""
    table = source.table_at(("coverage",), source.table.get("coverage", {}))
    source.check_keys(("coverage",), table, _KEYS)
    floor = number(0, 100)(source, ("coverage", "floor"), table.get("floor", 0))
    return CoverageSettings(
        floor=floor,
        languages=texts(source, ("coverage", "languages"), table.get("languages", [])),
        cannot=_inabilities(source),
    )


def _inabilities(source: Source) -> tuple[Inability, ...]:
    keys = ("coverage", "cannot")
    tables = source.table_at(keys, source.table.get("coverage", {}).get("cannot", {}))
    return tuple(
        Inability(
            language=language,
            row=row,
            reason=source.string_at((*keys, language, row), reason),
            line=source.line((*keys, language, row)),
        )
        for language, rows in tables.items()
        for row, reason in source.table_at((*keys, language), rows).items()
    )
