"""Reads the targets of a configuration that are reached by their addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from docwitness.config.source import Source
from docwitness.config.values import Fields, fields
from docwitness.settings import UrlSettings

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def url(source: Source, name: str, table: Mapping[str, Any]) -> UrlSettings:
    """The settings of the target `name`. Raises `ConfigurationError` for what it cannot be."""
    keys = ("targets", name)
    given = fields(source, keys, table, _KEYS)
    if "url" not in given:
        raise source.error(keys, f"target {name!r} needs a url, or the image or build of a container, or the command of a process")
    return UrlSettings(**given)


def _address(source: Source, keys: tuple[str, ...], value: Any) -> str:
    given = source.string_at(keys, value)
    if not re.match(r"https?://[^/\s]", given):
        raise source.error(keys, f"url must begin with http:// or https://, not {given!r}")
    return given.rstrip("/")


def _variable(source: Source, keys: tuple[str, ...], value: Any) -> str:
    given = source.string_at(keys, value)
    if not _VARIABLE.match(given):
        raise source.error(keys, f"{keys[-1]} is the name of an environment variable, not its value")
    return given


_KEYS: Fields = {
    "url": ("url", _address),
    "token-env": ("token_env", _variable),
    "database-env": ("database_env", _variable),
    "admin-token-env": ("admin_token_env", _variable),
}
