"""Tokens: how requests carry them, how they are kept, and what they permit.

Schemes and errors follow influxdata/influxdb `authz/src/lib.rs` and `router/src/server/http/write/single_tenant/auth.rs`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable

from docwitness.server.errors import FORBIDDEN, INVALID_TOKEN, NO_TOKEN
from docwitness.server.journal import StoredToken

READ, WRITE = "read", "write"
PERMISSIONS = frozenset({READ, WRITE})
PREFIX = "dw_"
"""Begins every token, so that people and scanners recognise one."""
_TOKEN = re.compile(PREFIX + r"[A-Za-z0-9_-]{8,}")


def new_token(database: str, permissions: Iterable[str]) -> tuple[StoredToken, str]:
    """A token of 256 random bits, to be shown once, and what is kept of it."""
    text = PREFIX + secrets.token_urlsafe(32)
    stored = StoredToken(
        id=secrets.token_hex(8), digest=digest(text.encode()), database=database, permissions=frozenset(permissions)
    )
    return stored, text


def digest(token: bytes) -> bytes:
    """SHA-256. A slow hash would add nothing: 256 random bits cannot be guessed, and every request would pay for it."""
    return hashlib.sha256(token).digest()


def redacted(text: str) -> str:
    """The text with `[token]` in place of everything that looks like a token of ours."""
    return _TOKEN.sub("[token]", text)


def header_token(value: bytes | None) -> bytes | None:
    """The token in an `Authorization` header; None when there is no header, or none that can be read."""
    if value is None:
        return None
    scheme, _, rest = value.partition(b" ")
    match scheme:
        case b"Token" | b"Bearer":
            return rest or None
        case b"Basic":
            return _password(rest) or None
        case _:
            return None


def _password(credentials: bytes) -> bytes:
    """Empty where they are not base64 in the one way that RFC 4648 §3.5 has it, bits of padding included."""
    try:
        decoded = base64.b64decode(credentials, validate=True)
    except binascii.Error:
        return b""
    return decoded.partition(b":")[2] if base64.b64encode(decoded) == credentials else b""


class Tokens:
    """The tokens of a server, looked up by digest."""

    def __init__(self, stored: Iterable[StoredToken]) -> None:
        self._by_digest = {token.digest: token for token in stored}

    def authorize(self, token: bytes | None, database: str, permission: str) -> None:
        """Raises `ApiError` unless the token permits that on that database."""
        if token is None:
            raise NO_TOKEN.error()
        given = digest(token)
        stored = self._by_digest.get(given)
        # The look-up compares digests, which nobody can steer towards a stored one; the last comparison takes constant time.
        if stored is None or not hmac.compare_digest(stored.digest, given):
            raise INVALID_TOKEN.error()
        if stored.database != database or permission not in stored.permissions:
            raise FORBIDDEN.error()
