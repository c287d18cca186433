"""Reads the targets of a configuration that are containers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from docwitness.config_source import Source, kind_of
from docwitness.settings import ContainerSettings

_Read = Callable[[Source, tuple[str, ...], Any], Any]


def container(source: Source, name: str, table: Mapping[str, Any], root: Path) -> ContainerSettings:
    """The settings of the target `name`. Raises `ConfigurationError` for what it cannot be."""
    keys = ("targets", name)
    source.check_keys(keys, table, _KEYS)
    given = {_KEYS[key][0]: _KEYS[key][1](source, (*keys, key), value) for key, value in table.items()}
    if "build" in given:
        given["build"] = root / given["build"]
        given.setdefault("image", f"docwitness-{name.lower()}")
    return ContainerSettings(name=name, **given)


def _text(source: Source, keys: tuple[str, ...], value: Any) -> str:
    return source.string_at(keys, value)


def _texts(source: Source, keys: tuple[str, ...], value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise source.error(keys, f"{keys[-1]} must be a list of texts, not {kind_of(value)}")
    return tuple(value)


def _folders(source: Source, keys: tuple[str, ...], value: Any) -> tuple[str, ...]:
    folders = _texts(source, keys, value)
    if not all(re.match("/[^:,]", folder) for folder in folders):
        raise source.error(keys, f"{keys[-1]} must be absolute folders of the container, without `:` and `,`")
    return folders


def _environment(source: Source, keys: tuple[str, ...], value: Any) -> Mapping[str, str]:
    table = source.table_at(keys, value)
    for variable, text in table.items():
        if not isinstance(text, str):
            raise source.error((*keys, variable), f"{variable} must be a text, not {kind_of(text)}")
    return dict(table)


def _user(source: Source, keys: tuple[str, ...], value: Any) -> str:
    user = source.string_at(keys, value)
    if not re.fullmatch(r"\d+(:\d+)?", user):
        raise source.error(keys, f"user must be numbers, UID or UID:GID, not {user!r}")
    return user


def _path(source: Source, keys: tuple[str, ...], value: Any) -> str:
    path = source.string_at(keys, value)
    if not path.startswith("/"):
        raise source.error(keys, f"{keys[-1]} must begin with /, not {path!r}")
    return path


def _flag(source: Source, keys: tuple[str, ...], value: Any) -> bool:
    if not isinstance(value, bool):
        raise source.error(keys, f"{keys[-1]} must be true or false, not {kind_of(value)}")
    return value


def _number(lowest: int, highest: int) -> _Read:
    def read(source: Source, keys: tuple[str, ...], value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise source.error(keys, f"{keys[-1]} must be a whole number from {lowest} to {highest}")
        return value

    return read


_KEYS: Mapping[str, tuple[str, _Read]] = {
    "image": ("image", _text),
    "build": ("build", _text),
    "port": ("port", _number(1, 65535)),
    "host-port": ("host_port", _number(0, 65535)),
    "command": ("command", _texts),
    "environment": ("environment", _environment),
    "user": ("user", _user),
    "writable": ("writable", _folders),
    "memory-mb": ("memory_mb", _number(16, 1 << 20)),
    "health": ("health", _path),
    "start-limit": ("start_limit_s", _number(1, 3600)),
    "administration": ("administration", _flag),
    "database": ("database", _text),
}
"""Key to the field it sets, and how its value is read."""
