"""The unit of time that the words of a cell name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

_SECOND_NS = 1_000_000_000
_UNITS_NS = {
    "nanosecond": 1,
    "microsecond": 1_000,
    "millisecond": 1_000_000,
    "second": _SECOND_NS,
    "minute": 60 * _SECOND_NS,
    "hour": 3600 * _SECOND_NS,
    "day": 86_400 * _SECOND_NS,
}
_SHORT = {"ns": "nanosecond", "us": "microsecond", "µs": "microsecond", "μs": "microsecond", "ms": "millisecond", "s": "second"}
_NUMBER = r"(?P<number>[^\s(]*[\d⁰¹²³⁴⁵⁶⁷⁸⁹](?:\S*[^\s,;:.])?)"
_QUANTITIES = (
    re.compile(rf"(?:{_NUMBER}[\s-]+)?\b(?P<unit>{'|'.join(_UNITS_NS)})s?\b", re.IGNORECASE),
    re.compile(rf"{_NUMBER}\s?(?P<unit>{'|'.join(_SHORT)})\b"),
)
_SYMBOL = re.compile(rf"\W*(?P<unit>{'|'.join(_SHORT)})(?=\s*(?:[,;:(]|\Z))")
"""A symbol, where it is all of the text but remarks."""
_FIRST = re.compile(
    rf"\W*(?:{_NUMBER}[\s-]+)?(?:(?:nano|micro|milli)seconds?|seconds|minutes|hours?|days?"
    r"|(?:second|minute)(?!\s+(?!since\b|precision\b|resolution\b)\w))\b",
    re.IGNORECASE,
)
"""*Second* before a word is a number more often than a unit."""
_AMOUNT = re.compile(
    r"\b(?:half|quarter|two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million|billion)(?:th)?s?\b", re.IGNORECASE
)


def names_unit(text: str) -> bool:
    """Whether there is a unit of time in it, understood or not."""
    return any(pattern.search(text) for pattern in _QUANTITIES)


def begins_with_unit(text: str) -> bool:
    """Whether the first that it says is a unit of time."""
    return _FIRST.match(text) is not None or _SYMBOL.match(text) is not None


def unit_ns(text: str) -> int | None:
    """The nanoseconds of the one unit that it names, be that as a part of another (1/1000 second); None for anything else."""
    found = set(_quantities(text))
    if len(found) != 1 or _AMOUNT.search(text):
        return None
    return next((length for length in _UNITS_NS.values() if length in found), None)


def _quantities(text: str) -> Iterator[Fraction | None]:
    """Each length of time in nanoseconds; None for one with a number that is not understood."""
    symbol = _SYMBOL.match(text)
    if symbol is not None:
        yield Fraction(_UNITS_NS[_SHORT[symbol["unit"]]])
    for pattern in _QUANTITIES:
        for match in pattern.finditer(text):
            try:
                number = Fraction((match["number"] or "1").replace(",", ""))
            except (ValueError, ZeroDivisionError):
                yield None
            else:
                unit = match["unit"].lower()
                yield number * _UNITS_NS[_SHORT.get(unit, unit)]
