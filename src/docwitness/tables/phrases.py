"""What the words of a cell say. Phrases that are understood are taken out; what is left tells whether that was all."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from docwitness.claim import Place
from docwitness.page import Cell
from docwitness.tables.cells import between
from docwitness.tables.columns import Column

_SPAN = "`"
"""Stands for each code span in the words of a cell."""

_NOT = r"(?:not|never|no longer|isn't|aren't|cannot be|can't be|won't be)(?: (?:currently|yet|strictly))?"
_ALONE = r"(?!\s*,?\s*(?:or|nor|and)\b)"
"""Behind what is negated: with *or* and the like, it could mean what follows as well."""
_LEFT_OUT = r"(?:if|when) (?:it is |it's )?(?:omitted|left out|missing|absent|not (?:given|set|sent))"
_DEFAULT = r"(?:(?:which |it |this )?is )?(?:used )?(?:as )?(?:the |by )?default(?: (?:value|unit|one))?"
_IS_DEFAULT = rf"(?:{_DEFAULT}|(?:is )?(?:used )?{_LEFT_OUT})"


def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_BRACKETED = _pattern(rf"(?<=`)\s*[(\[](?:[^`()\[\]]*[,;:])?\s*(?P<phrase>{_IS_DEFAULT})\s*(?=(?:[,;:][^`()\[\]]*)?[)\]])")
"""`s` (seconds, default)."""
_BEHIND = (
    _pattern(rf"(?<=`)(?P<phrase>\s*(?:[–—-]\s*)?{_IS_DEFAULT})(?=\s*(?:[,;.)/–—]|\Z|or\b|and\b))"),
    _pattern(r"(?<=`)(?P<phrase>,\s*which is (?:used )?(?:the |by )?default)\b(?!\s*[`:=])"),
    _pattern(r"(?<=`)(?P<phrase>,\s*(?:the )?default)(?=\s*(?:[;.)]|\Z))"),
)
"""`s` by default; `s` if omitted."""
_BEFORE = _pattern(
    r"(?P<phrase>\b(?:by default\s*[,:]?|(?:the |its |is )*defaults?(?: (?:value|unit))?(?: (?:is|to))?\s*[:=]?)\s*[(\"“]?"
    rf"|\b{_LEFT_OUT}\s*[,:]?\s*)(?=`)"
)
"""Defaults to `s`; if omitted, `s`."""
_OTHER = _pattern(r"(?<=`)\s*\((?P<phrase>not (?:the )?default)\)")
"""`s` (not the default): where another one is, that says no more."""
_BARE = _pattern(rf"(?:\A|(?<=[(\[,;:.–—]))(?P<phrase>\s*{_DEFAULT}\s*)(?=[)\],;.–—]|\Z)")
"""Seconds (default)."""
_REQUIRED = "required|mandatory"
_HONORED = "honou?red"
_ROLE = _pattern(
    rf"(?P<phrase>\b{_NOT}\s+(?P<denied>{_REQUIRED}|optional|{_HONORED}|ignored)\b{_ALONE}"
    rf"|\b(?P<stated>{_REQUIRED}|optional|{_HONORED}|ignored)\b)"
)
_PLACE = _pattern(
    rf"(?P<phrase>\b{_NOT}(?: allowed)?(?: (?:in|as|by|via))?(?: (?:the|an?|any))?\s+(?P<denied>query|headers?)\b"
    rf"(?: string| parameters?)?{_ALONE}(?!\s*,\s*(?:in )?(?:the |an? )?(?:query|headers?))|\b(?P<stated>query|headers?)\b)"
)
_PLAIN = _pattern(
    r"\A\s*(?P<phrase>(?:(?P<yes>yes|y|true|always|✓|✔|☑|x|✅)|no|n|false|never|✗|✘|❌)\ufe0f?(?=\W*\Z|\s*[,;:.(–—])|[–—-](?=\W*\Z))"
)
_NEGATION = _pattern(r"\b(?:not|no|non|never|nor|neither|cannot)\b|n['’]t\b")
_MORE_DEFAULT = _pattern(r"\b(?:default\w*|omit\w*)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a cell says in words, each where it says so."""

    required: bool | None = None
    honored: bool | None = None
    places: tuple[Place, ...] = ()
    defaults: tuple[int, ...] = ()
    """Which of its code spans it calls the default."""
    named: tuple[int, ...] = ()
    """Those of them that it names for nothing else: *defaults to*."""
    is_default: bool | None = None
    """Whether what its row is about is the default."""
    understood: bool = True
    """False where its words may mean more, or something else; then the rest is empty."""

    @property
    def anything(self) -> bool:
        """Whether something is said about the parameter that its row is about."""
        return self.required is not None or self.honored is not None or bool(self.places or self.defaults)


@dataclass(slots=True)
class _Words:
    """The words of a cell, of which phrases are taken."""

    left: str
    required: set[bool] = field(default_factory=set)
    honored: set[bool] = field(default_factory=set)
    places: dict[Place, set[bool]] = field(default_factory=dict)
    behind: set[int] = field(default_factory=set)
    before: set[int] = field(default_factory=set)
    is_default: set[bool] = field(default_factory=set)

    def take(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """All that fits; what is left has blanks in its place."""
        found = list(pattern.finditer(self.left))
        for match in found:
            start, end = match.span("phrase")
            self.left = self.left[:start] + " " * (end - start) + self.left[end:]
        return found

    def read(self, column: Column | None) -> None:
        """Takes all phrases that are understood."""
        for pattern in (_BRACKETED, *_BEHIND):
            self.behind |= {self.left.count(_SPAN, 0, match.start("phrase")) - 1 for match in self.take(pattern)}
        self.before |= {self.left.count(_SPAN, 0, match.end()) for match in self.take(_BEFORE)}
        if self.behind | self.before:
            self.take(_OTHER)
        self.is_default |= {True for _ in self.take(_BARE)}
        for match in self.take(_ROLE):
            self._role(match["stated"] or match["denied"], stated=match["stated"] is not None)
        for match in self.take(_PLACE):
            place = Place.QUERY if (match["stated"] or match["denied"]).lower() == "query" else Place.HEADER
            self.places.setdefault(place, set()).add(match["stated"] is not None)
        if column in _QUESTIONS:
            for match in self.take(_PLAIN):
                self._answer(column, yes=match["yes"] is not None)

    def _role(self, word: str, *, stated: bool) -> None:
        if re.fullmatch(f"{_REQUIRED}|optional", word, re.IGNORECASE):
            self.required.add((word.lower() != "optional") is stated)
        else:
            self.honored.add((word.lower() != "ignored") is stated)

    def _answer(self, column: Column | None, *, yes: bool) -> None:
        match column:
            case Column.REQUIRED:
                self.required.add(yes)
            case Column.OPTIONAL:
                self.required.add(not yes)
            case Column.HONORED:
                self.honored.add(yes)
            case Column.IGNORED:
                self.honored.add(not yes)
            case _:
                self.is_default.add(yes)

    def said(self) -> Said:
        """All of it, unless it contradicts itself or something is left."""
        several = [self.required, self.honored, self.is_default, *self.places.values()]
        left = denies(self.left) or _MORE_DEFAULT.search(self.left)
        denied = self.places and not any(True in stated for stated in self.places.values())
        if left or denied or any(len(meanings) > 1 for meanings in several):
            return Said(understood=False)
        return Said(
            required=next(iter(self.required), None),
            honored=next(iter(self.honored), None),
            places=tuple(place for place in Place if True in self.places.get(place, ())),
            defaults=tuple(sorted(self.behind | self.before)),
            named=tuple(sorted(self.before - self.behind)),
            is_default=next(iter(self.is_default), None),
        )


def answers(text: str) -> bool:
    """Whether it is a plain yes or no."""
    return _PLAIN.match(text.replace("’", "'")) is not None


def denies(text: str) -> bool:
    """Whether there is a negation in it."""
    return _NEGATION.search(text) is not None


_QUESTIONS = frozenset({Column.REQUIRED, Column.OPTIONAL, Column.HONORED, Column.IGNORED, Column.DEFAULT})
"""Columns in which a plain yes or no is an answer."""


@lru_cache(maxsize=1024)  # a cell is asked for each claim of its row
def said(cell: Cell, column: Column | None = None) -> Said:
    """Reads the words of a cell; where its column asks for it, with a plain yes or no at its beginning."""
    words = _Words(_SPAN.join(piece.replace(_SPAN, "'").replace("’", "'") for piece in between(cell)))
    words.read(column)
    return words.said()
