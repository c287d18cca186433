"""Which samples a user chose: the expressions of `-k`, and languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator

from docwitness.errors import UsageError
from docwitness.plan import session_of
from docwitness.sample import Sample

_TOKEN = re.compile(r"\s*([()]|[^\s()]+)")
_OPERATORS = frozenset({"and", "or", "not", "(", ")"})

Predicate = Callable[[str], bool]
"""Whether an expression holds for a text."""


def parse(expression: str) -> Predicate:
    """Reads names joined by `and`, `or`, `not` and parentheses, as pytest's `-k` does.

    A name holds where it is part of the text, whatever its case. Raises `UsageError` for anything else.
    """
    return _Parser(expression).parse()


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, expression: str) -> None:
        self._expression = expression
        self._tokens = _TOKEN.findall(expression)
        self._at = 0

    def parse(self) -> Predicate:
        predicate = self._either()
        if self._next() is not None:
            raise self._fault("`and` or `or`")
        return predicate

    def _either(self) -> Predicate:
        left = self._both()
        while self._take("or"):
            left = _any_of(left, self._both())
        return left

    def _both(self) -> Predicate:
        left = self._one()
        while self._take("and"):
            left = _all_of(left, self._one())
        return left

    def _one(self) -> Predicate:
        if self._take("not"):
            return _none_of(self._one())
        if self._take("("):
            inner = self._either()
            if not self._take(")"):
                raise self._fault("`and`, `or` or `)`")
            return inner
        token = self._next()
        if token is None or token in _OPERATORS:
            raise self._fault("a name")
        self._at += 1
        return _named(token)

    def _next(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self, word: str) -> bool:
        if self._next() != word:
            return False
        self._at += 1
        return True

    def _fault(self, expected: str) -> UsageError:
        token = self._next()
        found = "the end" if token is None else repr(token)
        return UsageError(
            f"-k {self._expression!r}: {expected} was expected where {found} stands; join names with and, or, not, ( and )"
        )


def _any_of(left: Predicate, right: Predicate) -> Predicate:
    return lambda text: left(text) or right(text)


def _all_of(left: Predicate, right: Predicate) -> Predicate:
    return lambda text: left(text) and right(text)


def _none_of(inner: Predicate) -> Predicate:
    return lambda text: not inner(text)


def _named(name: str) -> Predicate:
    lowered = name.lower()
    return lambda text: lowered in text.lower()


def choose(samples: Iterable[Sample], *, keyword: str = "", languages: Collection[str] = ()) -> tuple[Sample, ...]:
    """The samples that a user chose, in their order, with the predecessors of those that continue a session.

    Hidden samples are never chosen: they run where a `setup` asks for them. Raises `UsageError` when `keyword` cannot be read.
    """
    holds = parse(keyword) if keyword.strip() else None
    shown = [sample for sample in samples if not sample.hidden]
    wanted = [
        (not languages or sample.language in languages) and (holds is None or holds(f"{sample.id} {sample.location.path}"))
        for sample in shown
    ]
    return tuple(_with_predecessors(shown, wanted))


def _with_predecessors(samples: list[Sample], wanted: list[bool]) -> Iterator[Sample]:
    last: dict[tuple[str, str], int] = {}
    for index, sample in enumerate(samples):
        session = session_of(sample)
        if session and wanted[index]:
            last[session] = index
    for index, sample in enumerate(samples):
        session = session_of(sample)
        if wanted[index] or (session and index <= last.get(session, -1)):
            yield sample
