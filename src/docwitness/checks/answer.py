"""What a response says: its status, and the code and message of an error."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from docwitness.exchange import Exchange

ROUTING = frozenset({404, 405})
"""Statuses of requests that reached no operation: they are shown with any path and method, and no operation lists them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The response of one exchange, as tables of errors name it."""

    status: int
    """0 when there is none."""
    code: str | None = None
    message: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether the target did what was asked."""
        return 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """Whether the target blames the request."""
        return 400 <= self.status < 500

    @property
    def failed(self) -> bool:
        """Whether it is an error of any kind."""
        return self.status >= 400

    def __str__(self) -> str:
        if not self.status:
            return "no response"
        words = ": ".join(part for part in (self.code, self.message) if part)
        return f"{self.status} ({words[:300]})" if words else str(self.status)


@lru_cache(maxsize=4096)
def answer_of(exchange: Exchange) -> Answer:
    """Code and message are those of a JSON body; the message is the body itself where that is none."""
    response = exchange.response
    if response is None:
        return Answer(0)
    text = response.body.decode("utf-8", "replace").strip()
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return Answer(response.status, None, text or None)
    code, message = body.get("code"), body.get("message")
    return Answer(response.status, code if isinstance(code, str) else None, message if isinstance(message, str) else None)
