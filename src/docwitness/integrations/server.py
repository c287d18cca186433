"""The write server beside a site that is being written: address, token and database, with which the placeholder bar begins.

Only a site that is served on the machine of its author has it; what is published never does.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from docwitness.errors import ConfigurationError

VARIABLE = "DOCWITNESS_SITE_SERVER"
"""The environment variable that names a JSON file with `url`, `token` and `database`."""

_KEYS = frozenset({"url", "token", "database"})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def beside() -> Mapping[str, str] | None:
    """The server that the environment names; None when it names none.

    Raises `ConfigurationError` when the file cannot be used, or names a server that others can reach.
    """
    file = os.environ.get(VARIABLE)
    if not file:
        return None
    try:
        said = json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{VARIABLE}: {file} cannot be read: {error}") from error
    if not isinstance(said, dict) or said.keys() != _KEYS or not all(isinstance(value, str) for value in said.values()):
        raise ConfigurationError(f"{VARIABLE}: {file} must hold url, token and database, and nothing else")
    if urlsplit(said["url"]).hostname not in _LOOPBACK:
        raise ConfigurationError(f"{VARIABLE}: {said['url']} is not on this machine, and a site must not give away its token")
    return said
