"""Names of databases that targets make."""

from __future__ import annotations

import secrets


def new_database_name() -> str:
    """A name that no other scope has, and that needs no escaping anywhere."""
    return f"dw{secrets.token_hex(6)}"
