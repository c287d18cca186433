"""A configuration file: its table, and the places in it that errors name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docwitness.errors import ConfigurationError
from docwitness.spelling import meant, suggestion

SHARED_FILE = "pyproject.toml"
"""The file in which the configuration is a table among others."""


def text_of(file: Path) -> str:
    """A file's text. Raises `ConfigurationError` when it cannot be read as UTF-8."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file}: cannot be read: {error}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A configuration file: its table, and where keys stand in it.

    What reads a value of it (`table_at` and its like) raises `ConfigurationError` for what that cannot be.
    """

    file: Path
    shown: str
    text: str
    table: Mapping[str, Any]
    above: tuple[str, ...]
    """The keys that lead to the table."""

    @classmethod
    def read(cls, file: Path, shown: str) -> Source:
        """Parses `file`, which errors call `shown`. Raises `ConfigurationError`."""
        text = text_of(file)
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"at line (\d+)", str(error))
            raise ConfigurationError(f"{shown}:{line[1] if line else text.count(chr(10)) + 1}: {error}") from error
        above = () if file.name != SHARED_FILE else ("tool", "docwitness")
        table: Any = document
        for key in above:
            table = table.get(key, {}) if isinstance(table, dict) else {}
        source = cls(file=file, shown=shown, text=text, table=table if isinstance(table, dict) else {}, above=above)
        if not isinstance(table, dict):
            raise source.error((), "must be a table")
        return source

    def line(self, keys: tuple[str, ...]) -> int:
        """The line where the deepest part of `keys` that can be found is written."""
        wanted = self.above + keys
        header: tuple[str, ...] = ()
        best, depth = 1, 0
        for number, text in enumerate(self.text.split("\n"), 1):
            if table := re.match(r"\s*\[\[?([^\[\]]+)\]", text):
                header = here = _dotted(table[1])
            elif pair := re.match(r"\s*((?:\"[^\"]*\"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:\"[^\"]*\"|'[^']*'|[\w-]+))*)\s*=", text):
                here = header + _dotted(pair[1])
            else:
                continue
            if len(here) > depth and here == wanted[: len(here)]:
                best, depth = number, len(here)
        return best

    def error(self, keys: tuple[str, ...], message: str) -> ConfigurationError:
        """An error to raise, whose text begins with the place of `keys`."""
        return ConfigurationError(f"{self.shown}:{self.line(keys)}: {message}")

    def check_keys(self, keys: tuple[str, ...], table: Mapping[str, Any], known: Iterable[str]) -> None:
        """Raises `ConfigurationError` for the first key that is not known."""
        known = tuple(known)
        for key in table:
            if key not in known:
                allowed = f"; known: {', '.join(known)}" if known else "; there is nothing to set"
                raise self.error((*keys, key), f"unknown key {key!r}{suggestion(key, known) or allowed}")

    def check_words(self, keys: tuple[str, ...], text: str, known: Iterable[str]) -> None:
        """Raises `ConfigurationError` for the first `{word}` that is nearly a known one; others are text like any other."""
        known = tuple(known)
        for word in re.findall(r"\{(\w+)\}", text):
            if word not in known and (nearest := meant(word, known)):
                raise self.error(keys, f"unknown value '{{{word}}}' (did you mean '{{{nearest}}}'?)")

    def table_at(self, keys: tuple[str, ...], value: Any) -> Mapping[str, Any]:
        """The value, which must be a table."""
        if not isinstance(value, dict):
            raise self.error(keys, f"{_name(keys)} must be a table, not {kind_of(value)}")
        return value

    def string_at(self, keys: tuple[str, ...], value: Any, index: int | None = None) -> str:
        """The value, which must be a string that is not empty; `index` is its place in the list that stands there."""
        if not isinstance(value, str) or not value:
            name = _name(keys) if index is None else f"{_name(keys)}[{index}]"
            raise self.error(keys, f"{name} must be a non-empty string, not {kind_of(value)}")
        return value

    def strings_at(self, keys: tuple[str, ...], value: Any, what: str) -> tuple[str, ...]:
        """The value, which must be a list of strings, neither it nor one of them empty; `what` they are."""
        if not isinstance(value, list) or not value:
            raise self.error(keys, f"{_name(keys)} must be a non-empty list of {what}, not {kind_of(value)}")
        return tuple(self.string_at(keys, each, index) for index, each in enumerate(value))


def _dotted(text: str) -> tuple[str, ...]:
    return tuple(double or single or bare for double, single, bare in re.findall(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)", text))


def _name(keys: tuple[str, ...]) -> str:
    return ".".join(keys)


def kind_of(value: Any) -> str:
    """What a value is, in words for an error."""
    kinds = {bool: "a boolean", int: "a number", float: "a number", str: repr(value), list: "a list", dict: "a table"}
    return kinds.get(type(value), "this") if value != [] else "an empty list"
