"""Blanks: the placeholders of a sample in the HTML of its page, as `<var>`s that the site's script fills in."""

from __future__ import annotations

import html
import re
from string import ascii_lowercase

from docwitness.placeholders import Placeholders

_WORD = re.compile(r"Xqz([a-z]+)zqX")
"""What stands for a placeholder while the text is highlighted: letters only, which every lexer keeps together."""


_ASKED = frozenset({"url", "host", "token", "read_token", "database"})
"""What the bar asks readers for. Other values are those of a run alone: readers put in their own by hand."""
_VALUE = re.compile(r"\{(\w+)\}")


def asks(filling: str) -> bool:
    """Whether the bar fills a placeholder that a run fills with this."""
    names = set(_VALUE.findall(filling))
    return bool(names) and names <= _ASKED


class Blanks:
    """Takes placeholders out of a text before it is highlighted, and puts `<var>`s in their places afterwards.

    They are found as the runner finds them, by `Placeholders.replace`. Those that are filled with nothing of the reader's stay as
    they are.
    """

    def __init__(self, placeholders: Placeholders) -> None:
        self._placeholders = placeholders
        self._names = {text: _letters(number) for number, text in enumerate(sorted(placeholders.mapping))}
        self._texts = {name: text for text, name in self._names.items()}

    def hide(self, text: str) -> str:
        """The text with a word in place of each placeholder."""
        return self._placeholders.replace(text, lambda placeholder: f"Xqz{self._names[placeholder]}zqX")

    def show(self, highlighted: str) -> str:
        """The HTML with a `<var>` in place of each word; `data-docwitness` says what fills it."""
        return _WORD.sub(lambda found: self._var(found[1]), highlighted)

    def _var(self, name: str) -> str:
        text = self._texts[name]
        filling = self._placeholders.mapping[text]
        if not asks(filling):
            return html.escape(text)
        return f'<var data-docwitness="{html.escape(filling)}">{html.escape(text)}</var>'


def _letters(number: int) -> str:
    return "".join(ascii_lowercase[int(digit)] for digit in str(number))
