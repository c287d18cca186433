"""What a cell of a marked table says: its code spans, which of them is the default, and the words that have a role."""

from __future__ import annotations

import re
from dataclasses import dataclass

from docwitness.claim import Place
from docwitness.page import Cell

_SPACES = re.compile(r"\s+")
_DEFAULT_AFTER = re.compile(r"\s*(?:\(|[–—-])?\s*(?:is )?(?:the )?default\b", re.IGNORECASE)
_DEFAULT_BEFORE = re.compile(r"\bdefaults?(?: (?:is|value|to|value is))?\s*:?\s*\Z", re.IGNORECASE)
_ROLE_WORDS = re.compile(
    r"\b(?:required|optional|honou?red|ignored|default|query(?: string| parameter)?|header)\b|\(default\)", re.IGNORECASE
)
_PLACES = {
    Place.QUERY: re.compile(r"\bquery\b", re.IGNORECASE),
    Place.HEADER: re.compile(r"\bheaders?\b", re.IGNORECASE),
}
_YES = re.compile(r"(?:yes|y|true|✓|✔|x|✅)\W*\Z", re.IGNORECASE)
_NO = re.compile(r"(?:no|n|false|✗|✘|-|–|—|❌)\W*\Z", re.IGNORECASE)
_NEGATED = re.compile(r"\b(?:not|never|isn't|no longer)\s+\Z", re.IGNORECASE)
_EXAMPLES = re.compile(r"\b(?:such as|for example|e\.g\.|for instance|like)|\betc\b|…", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A code span and whether its cell calls it the default."""

    code: str
    default: bool


def spans(cell: Cell) -> tuple[Span, ...]:
    """The code spans of a cell, in order."""
    pieces = between(cell)
    return tuple(
        Span(code=code, default=bool(_DEFAULT_AFTER.match(after) or _DEFAULT_BEFORE.search(before)))
        for code, before, after in zip(cell.codes, pieces, pieces[1:], strict=False)
    )


def between(cell: Cell) -> list[str]:
    """What stands before, between and after its code spans: one text more than there are spans."""
    pieces = []
    rest = cell.text
    for code in cell.codes:
        before, _, rest = rest.partition(_SPACES.sub(" ", code).strip())
        pieces.append(before)
    return [*pieces, rest]


def words(cell: Cell) -> str:
    """The text of a cell without its code spans."""
    return " ".join(between(cell))


def states_something(cell: Cell) -> bool:
    """Whether it holds a code span or a word with a role; otherwise it is prose, or empty."""
    return bool(cell.codes) or _ROLE_WORDS.search(cell.text) is not None


def gives_examples(cell: Cell) -> bool:
    """Whether its code spans are some of many."""
    return _EXAMPLES.search(words(cell)) is not None


def places(cell: Cell) -> tuple[Place, ...]:
    """The places that it names."""
    return tuple(place for place, pattern in _PLACES.items() if pattern.search(words(cell)))


def says_required(cell: Cell) -> bool | None:
    """What it says, where it says anything; the cell of a column for that."""
    return _either(cell, "required", "optional")


def says_honored(cell: Cell, *, yes: bool) -> bool | None:
    """What it says, where it says anything; `yes` is what a plain yes means in its column."""
    said = _either(cell, "honou?red", "ignored")
    if said is None:
        return None
    return said if yes or not _is_plain(cell) else not said


def _either(cell: Cell, positive: str, negative: str) -> bool | None:
    """True or false by the words; None when neither stands there, or both do."""
    text = words(cell).strip()
    if _is_plain(cell):
        return _YES.match(text) is not None
    found = {True: _stands(positive, text), False: _stands(negative, text)}
    if found[True] is None and found[False] is None:
        return None
    meanings = {meaning if plain else not meaning for meaning, plain in found.items() if plain is not None}
    return meanings.pop() if len(meanings) == 1 else None


def _stands(word: str, text: str) -> bool | None:
    """True when the word stands there, False when it does with a negation before it."""
    match = re.search(rf"\b{word}\b", text, re.IGNORECASE)
    return None if match is None else _NEGATED.search(text[: match.start()]) is None


def _is_plain(cell: Cell) -> bool:
    text = words(cell).strip()
    return _YES.match(text) is not None or _NO.match(text) is not None
