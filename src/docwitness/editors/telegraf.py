"""Sets keys in a table of a Telegraf configuration. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Item, Table

from docwitness.editors.base import Notation, UneditableError

OUTPUT = "telegraf-output"
"""Stands for the only output of a sample."""

_TRACE = {"log_level": '"trace"'}
"""With it, an output says for each batch what it works with: `Sending batch: metrics=3, size=…, bucket="…", timeout=5s`."""


class Editor:
    """Telegraf reads TOML in its own way; what both accept can be edited."""

    notation = Notation(true="true", false="false", table='{"X-Docwitness" = "1"}')

    def options(self, text: str, of: str) -> Mapping[str, str]:
        """The keys of the table, with their values as they are written."""
        try:
            table = _only(_tables(_document(text), of), of)
        except UneditableError:
            return {}
        return {name: tomlkit.item(value).as_string() for name, value in table.items()}

    def subject(self, text: str, of: str) -> str:
        """The name of the table."""
        return of if of != OUTPUT else f"outputs.{next(iter(_document(text)['outputs']))}"

    def edited(self, text: str, of: str, settings: Mapping[str, str | None]) -> str:
        """As the contract says; outputs say it in their log."""
        document = _document(text)
        table = _only(_tables(document, of), of)
        told = _TRACE if of == OUTPUT or of.startswith("outputs.") else {}
        for name, literal in {**told, **settings}.items():
            table.pop(name, None)
            if literal is not None:
                table[name] = _value(name, literal)
        return tomlkit.dumps(document)


def _document(text: str) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(text)
    except TOMLKitError as error:
        raise UneditableError(f"the sample is not plain TOML: {error}") from error


def _value(name: str, literal: str) -> Item:
    try:
        return tomlkit.value(literal)
    except TOMLKitError as error:
        raise UneditableError(f"{name} = {literal} is not TOML: {error}") from error


def _tables(document: tomlkit.TOMLDocument, of: str) -> Iterator[Table]:
    """All tables of that name, those in arrays of tables too."""
    tables: list[Mapping[str, object]] = [document]
    for key in ("outputs", "*") if of == OUTPUT else of.split("."):
        inner = [value for table in tables for name, value in table.items() if key in (name, "*")]
        tables = [each for value in inner for each in (value if isinstance(value, list) else [value]) if isinstance(each, Mapping)]
    for table in tables:
        if isinstance(table, Table):
            yield table


def _only(tables: Iterable[Table], of: str) -> Table:
    found = list(tables)
    if len(found) != 1:
        raise UneditableError(f"the table {of} stands in the sample {len(found)} times, not once")
    return found[0]
