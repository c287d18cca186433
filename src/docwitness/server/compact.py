"""Compact JSON, for what only the server itself reads again. Infinite floats are words that Python's `json` knows."""

from __future__ import annotations

import json
from typing import Any

encoded = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
"""The text of a value."""

_DECODER = json.JSONDecoder()


def decoded(text: str) -> Any:
    """The value that such a text is of; without the looks round it that `json.loads` takes."""
    value, _ = _DECODER.raw_decode(text)
    return value
