"""Reads the targets of a configuration that are containers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docwitness.config.source import Source
from docwitness.config.values import Read, environment, filled, flag, folders, number, path, text, texts, user
from docwitness.settings import ContainerSettings

_WORDS = ("token", "database")


def container(source: Source, name: str, table: Mapping[str, Any], root: Path) -> ContainerSettings:
    """The settings of the target `name`. Raises `ConfigurationError` for what it cannot be."""
    keys = ("targets", name)
    source.check_keys(keys, table, _KEYS)
    given = {_KEYS[key][0]: _KEYS[key][1](source, (*keys, key), value) for key, value in table.items()}
    if "build" in given:
        given["build"] = root / given["build"]
        given.setdefault("image", f"docwitness-{name.lower()}")
    return ContainerSettings(name=name, **given)


_KEYS: Mapping[str, tuple[str, Read]] = {
    "image": ("image", text),
    "build": ("build", text),
    "port": ("port", number(1, 65535)),
    "host-port": ("host_port", number(0, 65535)),
    "command": ("command", filled(texts, _WORDS)),
    "environment": ("environment", filled(environment, _WORDS)),
    "user": ("user", user),
    "writable": ("writable", folders),
    "memory-mb": ("memory_mb", number(16, 1 << 20)),
    "health": ("health", path),
    "start-limit": ("start_limit_s", number(1, 3600)),
    "administration": ("administration", flag),
    "database": ("database", text),
}
"""Key to the field it sets, and how its value is read."""
