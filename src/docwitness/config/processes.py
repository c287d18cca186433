"""Reads the targets of a configuration that are processes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docwitness.config.source import Source
from docwitness.config.values import Fields, environment, fields, filled, number, path, text, texts
from docwitness.settings import ProcessSettings

_WORDS = ("port", "folder", "token", "database", "project")


def process(source: Source, name: str, table: Mapping[str, Any]) -> ProcessSettings:
    """The settings of the target `name`. Raises `ConfigurationError` for what it cannot be."""
    keys = ("targets", name)
    given = fields(source, keys, table, _KEYS)
    if not given["command"] or not given["command"][0]:
        raise source.error((*keys, "command"), "command must begin with a program")
    if "port" not in given and not any("{port}" in word for word in (*given["command"], *given.get("environment", {}).values())):
        raise source.error((*keys, "command"), "say where it listens: {port} in the command, or a port of its own as `port`")
    given["command"] = tuple(_here(source, word) for word in given["command"])
    given["environment"] = {variable: _here(source, text) for variable, text in given.get("environment", {}).items()}
    return ProcessSettings(name=name, **given)


def _here(source: Source, text: str) -> str:
    """A server runs in a folder of its own, so what belongs to the project is named from there."""
    return text.replace("{project}", str(source.file.parent))


_KEYS: Fields = {
    "command": ("command", filled(texts, _WORDS)),
    "port": ("port", number(0, 65535)),
    "environment": ("environment", filled(environment, _WORDS)),
    "health": ("health", path),
    "start-limit": ("start_limit_s", number(1, 3600)),
    "database": ("database", text),
}
