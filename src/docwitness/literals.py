"""Literals: values to try on an option, of the type that its documented values have. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from docwitness.editors.base import Notation


class Type(StrEnum):
    """What a literal is, alike in TOML, Python and JavaScript."""

    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    LIST = "list"
    TABLE = "table"


_PATTERNS = {
    Type.STRING: re.compile(r"[\"'`].*[\"'`]\Z", re.DOTALL),
    Type.NUMBER: re.compile(r"[+-]?\d[\d_]*(?:\.\d+)?\Z"),
    Type.BOOLEAN: re.compile(r"(?:true|false)\Z", re.IGNORECASE),
    Type.LIST: re.compile(r"\[.*\]\Z", re.DOTALL),
    Type.TABLE: re.compile(r"\{.*\}\Z", re.DOTALL),
}
_STRINGS = re.compile(r"([\"'])((?:(?!\1).)+)\1")

NONSENSE = '"docwitness"'
EMPTY = '""'
_KINDRED = (("gzip", "identity", "deflate", "none"), ("ns", "us", "ms", "s", "m", "h"))
"""Words of closed lists, those of other products too; a list that lacks one of its own shows by them."""


def type_of(literal: str) -> Type | None:
    """Its type; None for an expression that only running it tells."""
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.match(literal.strip())), None)


def types_of(documented: Sequence[str]) -> tuple[Type, ...]:
    """The types to try: that of the first literal that has one; all without any literal, none with expressions only."""
    untold = () if documented else tuple(Type)
    return next(((kind,) for literal in documented if (kind := type_of(literal)) is not None), untold)


def battery(kind: Type, documented: Sequence[str], notation: Notation) -> tuple[str, ...]:
    """Values of one type that are not among the documented ones; the most telling first, none that names a host of its own."""
    match kind:
        case Type.STRING:
            tried = [*_extended(kind, documented), EMPTY, '"127.0.0.2"', '"100ms"', '"1B"', NONSENSE]
        case Type.NUMBER:
            tried = ["1", "2", "0", *_neighbours(documented)]
        case Type.BOOLEAN:
            tried = [notation.true, notation.false]
        case Type.LIST:
            tried = [*_extended(kind, documented)]
        case Type.TABLE:
            tried = [notation.table]
    return tuple(literal for literal in dict.fromkeys(tried) if literal not in documented)


def kindred(documented: Sequence[str]) -> tuple[str, ...]:
    """What a closed list of words may lack: words that stand with its own elsewhere, and one that stands nowhere."""
    lists = [[f'"{word}"' for word in words] for words in _KINDRED]
    found = [word for words in lists if set(words) & set(documented) for word in words]
    return tuple(word for word in (*found, NONSENSE) if word not in documented)


def _extended(kind: Type, documented: Sequence[str]) -> Iterator[str]:
    """The documented ones, with something behind each string in them: an address stays one of the same host."""
    for literal in documented:
        if type_of(literal) is kind and _STRINGS.search(literal):
            yield _STRINGS.sub(lambda found: f"{found[1]}{found[2]}/docwitness{found[1]}", literal)


def _neighbours(documented: Sequence[str]) -> Iterator[str]:
    """A larger one than the largest."""
    numbers = [int(literal) for literal in documented if literal.replace("_", "").isdecimal()]
    if numbers:
        yield str(2 * max(numbers) + 1)
