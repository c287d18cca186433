"""The statuses that a cell names, with the reason phrases that belong to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus

_VERSION = re.compile(r"\bHTTP/\d(?:\.\d)?", re.IGNORECASE)
_STATUS = re.compile(r"\b(?P<status>[1-5]\d\d)\b\W*(?P<phrase>[^\d,;:./|–—()]*)")
_RANGE = re.compile(r"\d\s*[-–—]\s*\d")
_AND = re.compile(r"(?:\A|\s)(?:and|or)\s*\Z")
_NEGATION = re.compile(r"\b(?:not?|never|except|but)\b", re.IGNORECASE)
_RENAMED = {
    413: ("content too large", "payload too large", "request entity too large"),
    414: ("uri too long", "request-uri too long"),
    416: ("range not satisfiable", "requested range not satisfiable"),
    422: ("unprocessable content", "unprocessable entity"),
}
"""Old and new phrases are in use, and which of them Python has depends on its version."""


def statuses(text: str) -> tuple[int, ...]:
    """All of them in order; none where the text says anything but statuses, their own phrases, and words apart from them."""
    plain = _VERSION.sub("", text)
    found = tuple(int(match["status"]) for match in _STATUS.finditer(plain))
    before, rest = _STATUS.split(plain, maxsplit=1)[0], _STATUS.sub("", plain)
    if _NEGATION.search(before) or _RANGE.search(plain) or re.search(r"\d", rest) or foreign_phrase(text):
        return ()
    return found


def foreign_phrase(text: str) -> str:
    """What is wrong with words behind a status that are not its reason phrase; empty where nothing is."""
    for status, phrase in _phrases(_VERSION.sub("", text)):
        own = _own_phrases(status)
        if phrase and own and phrase.casefold() not in own:
            return f"the reason phrase of {status} is {HTTPStatus(status).phrase!r}, not {phrase!r}"
    return ""


def _phrases(text: str) -> Iterator[tuple[int, str]]:
    for match in _STATUS.finditer(text):
        yield int(match["status"]), _AND.sub("", match["phrase"]).strip().replace("’", "'")


def _own_phrases(status: int) -> tuple[str, ...]:
    """Those of a status that is registered."""
    known = status in set(HTTPStatus)
    return _RENAMED.get(status, (HTTPStatus(status).phrase.casefold(),)) if known else ()
