"""Reads values of a configuration, and tables of them: each function takes the source, the keys that lead there, and the value.

All raise `ConfigurationError`, whose text begins with the place, for what the value cannot be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from docwitness.config.source import Source, kind_of

Read = Callable[[Source, tuple[str, ...], Any], Any]
Fields = Mapping[str, tuple[str, Read]]
"""By the key of a table: the field of its settings that it sets, and how its value is read."""


def fields(source: Source, keys: tuple[str, ...], table: Mapping[str, Any], known: Fields) -> dict[str, Any]:
    """What the table that stands at `keys` sets, by field; an unknown key is an error too."""
    source.check_keys(keys, table, known)
    return {known[key][0]: known[key][1](source, (*keys, key), value) for key, value in table.items()}


def text(source: Source, keys: tuple[str, ...], value: Any) -> str:
    """A text that is not empty."""
    return source.string_at(keys, value)


def texts(source: Source, keys: tuple[str, ...], value: Any) -> tuple[str, ...]:
    """A list of strings, which may be empty."""
    if not isinstance(value, list):
        raise source.error(keys, f"{keys[-1]} must be a list of strings, not {kind_of(value)}")
    for index, each in enumerate(value):
        if not isinstance(each, str):
            raise source.error(keys, f"{keys[-1]}[{index}] must be a string, not {kind_of(each)}")
    return tuple(value)


def folders(source: Source, keys: tuple[str, ...], value: Any) -> tuple[str, ...]:
    """Absolute folders in a container."""
    absolute = texts(source, keys, value)
    if not all(re.match("/[^:,]", folder) for folder in absolute):
        raise source.error(keys, f"{keys[-1]} must be absolute folders of the container, without `:` and `,`")
    return absolute


def environment(source: Source, keys: tuple[str, ...], value: Any) -> Mapping[str, str]:
    """A table of variables."""
    table = source.table_at(keys, value)
    for variable, content in table.items():
        if not isinstance(content, str):
            raise source.error((*keys, variable), f"{variable} must be a string, not {kind_of(content)}")
    return dict(table)


def filled(read: Read, words: Sequence[str]) -> Read:
    """What `read` reads, texts in which these `{words}` are filled later: none may be misspelt."""

    def checked(source: Source, keys: tuple[str, ...], value: Any) -> Any:
        given = read(source, keys, value)
        for name, text in given.items() if isinstance(given, Mapping) else enumerate(given):
            source.check_words((*keys, str(name)), text, words)
        return given

    return checked


def user(source: Source, keys: tuple[str, ...], value: Any) -> str:
    """Numbers of a user, and perhaps of a group."""
    given = source.string_at(keys, value)
    if not re.fullmatch(r"\d+(:\d+)?", given):
        raise source.error(keys, f"user must be numbers, UID or UID:GID, not {given!r}")
    return given


def path(source: Source, keys: tuple[str, ...], value: Any) -> str:
    """What follows the host in an address."""
    given = source.string_at(keys, value)
    if not given.startswith("/"):
        raise source.error(keys, f"{keys[-1]} must begin with /, not {given!r}")
    return given


def flag(source: Source, keys: tuple[str, ...], value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise source.error(keys, f"{keys[-1]} must be true or false, not {kind_of(value)}")
    return value


def number(lowest: int, highest: int) -> Read:
    """A whole number within limits."""

    def read(source: Source, keys: tuple[str, ...], value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise source.error(keys, f"{keys[-1]} must be a whole number from {lowest} to {highest}")
        return value

    return read
