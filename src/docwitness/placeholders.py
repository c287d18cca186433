"""Placeholders: the text in samples that readers replace, and what fills it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from docwitness.spelling import one_edit_apart

_ADDRESSES = frozenset({"url", "host", "tls_url", "mtls_url"})
_OF_GATEWAY = frozenset({"tls_url", "mtls_url", "tls_ca", "tls_cert", "tls_key"})
TEMPLATE_NAMES = tuple(sorted({"token", "read_token", "database", "proxy"} | _ADDRESSES | _OF_GATEWAY))
"""What `{…}` in a filling may name: values of the sample's scope."""

_TEMPLATE = re.compile(r"\{(" + "|".join(TEMPLATE_NAMES) + r")\}")
_SHORTEST_CHECKED = 5
"""Shorter placeholders have too many neighbours among ordinary words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """A word that is one edit away from a placeholder."""

    line: int
    """1-based line of the text."""
    word: str
    placeholder: str


class Placeholders:
    """Fills placeholders: in one pass, the longest first, whole words where they begin or end with a word character."""

    __slots__ = ("_checked", "_mapping", "_pattern")

    def __init__(self, mapping: Mapping[str, str]) -> None:
        """`mapping` goes from the text in samples to what fills it, which may hold `{url}` and the like."""
        self._mapping = {text: filling for text, filling in mapping.items() if text}
        longest_first = sorted(self._mapping, key=lambda text: (-len(text), text))
        self._pattern = re.compile("|".join(_whole_word(text) for text in longest_first)) if longest_first else None
        self._checked = {text: (_thirds(text), _alike(text)) for text in self._mapping if len(text) >= _SHORTEST_CHECKED}

    @property
    def mapping(self) -> Mapping[str, str]:
        """From the text in samples to its filling."""
        return self._mapping

    def fill(self, text: str, values: Mapping[str, str]) -> str:
        """`text` with every placeholder replaced; `values` are those of `TEMPLATE_NAMES`.

        ```python
        from docwitness.placeholders import Placeholders

        placeholders = Placeholders({"TOKEN": "{token}", "DATABASE": "{database}"})
        print(placeholders.fill("DATABASE TOKEN TOKENS", {"token": "abc", "database": "home"}))
        #> home abc TOKENS
        ```

        Raises `KeyError` when a filling names a value that is not given.
        """
        return self.replace(text, lambda placeholder: _TEMPLATE.sub(lambda name: values[name[1]], self._mapping[placeholder]))

    def replace(self, text: str, replacement: Callable[[str], str]) -> str:
        """`text` with what `replacement` makes of each placeholder in it; `fill` finds them the same way."""
        return self._pattern.sub(lambda found: replacement(found[0]), text) if self._pattern else text

    def used(self, text: str) -> frozenset[str]:
        """The placeholders that stand in `text`."""
        return frozenset(self._pattern.findall(text)) if self._pattern else frozenset()

    def names_target(self, text: str) -> bool:
        """Whether the target's address stands in `text`."""
        return not _ADDRESSES.isdisjoint(self._values(text))

    def names_gateway(self, text: str) -> bool:
        """Whether something of the target's face over TLS stands in `text`."""
        return not _OF_GATEWAY.isdisjoint(self._values(text))

    def _values(self, text: str) -> set[str]:
        """The names of the values that fill `text`."""
        return {name for word in self.used(text) for name in _TEMPLATE.findall(self._mapping[word])}

    def near_misses(self, text: str) -> tuple[NearMiss, ...]:
        """Words that were probably meant as placeholders: one edit away from one of at least five characters."""
        bare = self.replace(text, lambda _: " ")
        return tuple(
            NearMiss(line=number, word=word, placeholder=placeholder)
            for placeholder, (thirds, alike) in self._checked.items()
            if any(third in bare for third in thirds)  # most texts have none, and need not be looked at line by line
            for number, line in enumerate(text.split("\n"), 1)
            for word in _candidates(line, placeholder, alike)
            if one_edit_apart(word, placeholder) and not self.used(word)
        )


def _whole_word(text: str) -> str:
    before = r"(?<!\w)" if re.match(r"\w", text) else ""
    after = r"(?!\w)" if re.search(r"\w\Z", text) else ""
    return before + re.escape(text) + after


def _thirds(placeholder: str) -> tuple[str, str, str]:
    """One of them stands in each text that is one edit away: an edit, two neighbours swapped too, changes at most two."""
    size = len(placeholder) // 3
    return placeholder[:size], placeholder[size : 2 * size], placeholder[2 * size :]


def _alike(placeholder: str) -> re.Pattern[str]:
    """Runs of the characters of a placeholder, and of those of words, that are long enough to hold it misspelt."""
    others = "".join(sorted(set(re.sub(r"[\w\s]", "", placeholder))))
    return re.compile(rf"[\w{re.escape(others)}]{{{len(placeholder) - 1},}}")


def _candidates(line: str, placeholder: str, alike: re.Pattern[str]) -> list[str]:
    """The pieces of a line that could be the placeholder misspelt: they begin where it could begin, and end where it could end."""
    size = len(placeholder)
    if re.fullmatch(r"[\w\s]+", placeholder):
        return [word for word in alike.findall(line) if len(word) <= size + 1]
    pieces = []
    for run in alike.findall(line):
        ends = [
            end
            for end in (size, size - 1, size + 1)
            if end <= len(run) and not (run[end - 1].isalnum() and run[end : end + 1].isalnum())
        ]
        if placeholder not in (run[:end] for end in ends):
            pieces += [run[:end] for end in ends if one_edit_apart(run[:end], placeholder)][:1]
    return pieces
