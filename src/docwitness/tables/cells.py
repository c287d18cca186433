"""The text of a cell of a marked table: its code spans, what stands between them, and whether it states anything."""

from __future__ import annotations

import re

from docwitness.page import Cell

_SPACES = re.compile(r"\s+")
_ROLE_WORDS = re.compile(
    r"\b(?:required|mandatory|optional|honou?red|ignored|defaults?|omitted|query(?: string| parameter)?|header)\b", re.IGNORECASE
)
_EXAMPLES = re.compile(r"\b(?:such as|for example|e\.g\.|for instance|like)|\betc\b|…", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_TYPE = re.compile(
    r"(?:array|binary|bool(?:ean)?|bytes?|date(?:time)?|decimal|double|duration|enum(?:eration)?|float|int(?:eger)?|list|long|map|null"
    r"|number|object|str(?:ing)?|table|text|time(?:stamp)?|uint|unsigned)s?\d*"
)
_BETWEEN_TYPES = frozenset({"a", "an", "and", "of", "or"})


def between(cell: Cell) -> list[str]:
    """What stands before, between and after its code spans: one text more than there are spans."""
    pieces = []
    rest = cell.text
    for code in cell.codes:
        start, end = _place(_SPACES.sub(" ", code).strip(), rest)
        pieces.append(rest[:start])
        rest = rest[end:]
    return [*pieces, rest]


def _place(code: str, text: str) -> tuple[int, int]:
    """Where a code span stands: rather as words of their own than inside of others."""
    found = re.search(rf"(?<!\w){re.escape(code)}(?!\w)", text) or re.search(re.escape(code), text)
    return found.span() if found else (len(text), len(text))


def words(cell: Cell) -> str:
    """The text of a cell without its code spans."""
    return " ".join(between(cell))


def states_something(cell: Cell) -> bool:
    """Whether it holds a code span or a word with a role; otherwise it is prose, or empty."""
    return bool(cell.codes) or has_role_words(cell.text)


def has_role_words(text: str) -> bool:
    """Whether there is a word with a role in it."""
    return _ROLE_WORDS.search(text) is not None


def gives_examples(cell: Cell) -> bool:
    """Whether its code spans are some of many."""
    return _EXAMPLES.search(words(cell)) is not None


def names_types(cell: Cell) -> bool:
    """Whether it holds words for types, in code or not, and nothing else."""
    found = set(_WORD.findall(cell.text.casefold())) - _BETWEEN_TYPES
    return bool(found) and all(map(_TYPE.fullmatch, found))
