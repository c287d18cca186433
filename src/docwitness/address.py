"""The address of a server, as a user writes it."""

from __future__ import annotations

import httpx

_LAST_PORT = 65_535
"""A larger one would become another on the way to the network."""


def server_url(url: str, *, example: str) -> httpx.URL:
    """The URL of a server over HTTP. Raises ValueError, whose text says what is wrong and names the example."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise ValueError(f"{url} is not a URL: {error}") from error
    if parsed.scheme not in {"http", "https"} or not _is_host(parsed.raw_host) or (parsed.port or 0) > _LAST_PORT:
        raise ValueError(f"{url} is not the URL of a server, such as {example}")
    return parsed


def _is_host(name: bytes) -> bool:
    """Whether it can be looked up: it has labels, none of them empty or longer than 63 letters."""
    try:
        return bool(name.decode("ascii").encode("idna"))
    except UnicodeError:
        return False
