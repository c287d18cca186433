"""Reads the targets of a configuration that are containers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docwitness.config.source import Source
from docwitness.config.values import Fields, environment, fields, filled, flag, folders, number, path, text, texts, user
from docwitness.settings import ContainerSettings

_WORDS = ("token", "database")


def container(source: Source, name: str, table: Mapping[str, Any], root: Path) -> ContainerSettings:
    """The settings of the target `name`. Raises `ConfigurationError` for what it cannot be."""
    keys = ("targets", name)
    given = fields(source, keys, table, _KEYS)
    if "build" in given:
        given["build"] = root / given["build"]
        given.setdefault("image", f"docwitness-{name.lower()}")
    return ContainerSettings(name=name, **given)


_KEYS: Fields = {
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
