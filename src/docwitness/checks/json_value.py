"""JSON by value, with `…` for what a page leaves out of texts, objects and lists."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from docwitness.elision import MARK, first_gap, fits

_ANYTHING = f"\0{MARK}"
"""What a bare `…` becomes, so that it differs from the text "…"."""

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class JsonDifference:
    """The first place in which a value is not as expected."""

    path: Path
    reason: str


class RepeatedKeyError(Exception):
    """An object has a key twice, so that nothing would look at one of its values."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the key {key!r} stands twice in one object")
        self.key = key


def parse(text: str, *, elided: bool = False) -> Any:
    """The value of a JSON text. Raises ValueError for what is none.

    If `elided`, it is that of a page: a bare `…` may stand for a value, members or items in it. Raises RepeatedKeyError then.
    """
    return json.loads(_spelt_out(text), object_pairs_hook=_members) if elided else json.loads(text)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found and MARK not in key:
            raise RepeatedKeyError(key)
        found[key] = value
    return found


def json_difference(expected: Any, actual: Any, path: Path = ()) -> JsonDifference | None:
    """Where `actual` is not what `expected` says; None for nowhere."""
    if expected == _ANYTHING:
        return None
    if isinstance(expected, dict) and isinstance(actual, dict):
        return _object_difference(expected, actual, path)
    if isinstance(expected, list) and isinstance(actual, list):
        return _list_difference(expected, actual, path)
    same = type(expected) is type(actual) or {type(expected), type(actual)} == {int, float}
    agree = fits(expected, actual) if isinstance(expected, str) and isinstance(actual, str) else same and expected == actual
    return None if agree else JsonDifference(path, f"expected {_shown(expected)}, was {_shown(actual)}")


def _object_difference(expected: dict[str, Any], actual: dict[str, Any], path: Path) -> JsonDifference | None:
    exact = {key: value for key, value in expected.items() if MARK not in key}
    elided = [key.replace(_ANYTHING, MARK) for key in expected if MARK in key]
    for key, value in exact.items():
        if key not in actual:
            return JsonDifference((*path, key), f"expected {_shown(value)}, was not there")
        difference = json_difference(value, actual[key], (*path, key))
        if difference:
            return difference
    for key, value in actual.items():
        if key not in exact and not any(fits(name, key) for name in elided):
            return JsonDifference((*path, key), f"was {_shown(value)}, but is not shown")
    return None


def _list_difference(expected: list[Any], actual: list[Any], path: Path) -> JsonDifference | None:
    def agree(one: Any, other: Any) -> bool:
        return json_difference(one, other) is None

    gap = first_gap(expected, actual, elides=lambda item: item in (_ANYTHING, MARK), agree=agree)
    if gap is None:
        return None
    here = (*path, gap.actual)
    if gap.expected == len(expected):
        return JsonDifference(here, f"was {_shown(actual[gap.actual])}, but is not shown")
    if gap.actual == len(actual):
        return JsonDifference(here, f"expected {_shown(expected[gap.expected])}, was not there")
    return json_difference(expected[gap.expected], actual[gap.actual], here)


def _spelt_out(text: str) -> str:
    """Makes JSON of a text with bare `…`."""
    pieces: list[str] = []
    open_brackets = ""
    last, quoted, escaped = "", False, False
    for character in text:
        piece = character
        if quoted:
            quoted = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            quoted = True
        elif character in "{[":
            open_brackets += character
        elif character in "}]":
            open_brackets = open_brackets[:-1]
        elif character == MARK:
            member = open_brackets.endswith("{") and last != ":"
            piece = json.dumps(_ANYTHING) + (f": {json.dumps(_ANYTHING)}" if member else "")
        pieces.append(piece)
        last = character if character.strip() else last
    return "".join(pieces)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False).replace(json.dumps(_ANYTHING), MARK)
    return text if len(text) <= 120 else f"{text[:119]}{MARK}"
