"""A command as it is typed at a prompt, line by line: whether a shell would wait for more of it."""

from __future__ import annotations

import re

_WORD = r"""(?:
    \\[^\n] | '[^']*' | \$'(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" | `(?:[^`\\]|\\.)*`
    | \$\{(?:[^}'"\\]|\\.|'[^']*'|"[^"]*")*\} | \$(?!['{]) | [^\s'"`\\$|&;()<>]
)+"""
_TOKEN = re.compile(
    rf"""
    (?P<space> [^\S\n] | \\\n(?=.) | \#[^\n]* )
    | (?P<newline> \n )
    | <<(?P<tabs>-?)(?!<)[^\S\n]*(?P<document>{_WORD})
    | (?P<arithmetic> \(\((?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\))*\)\) )
    | (?P<sign> <<< | ;;&? | ;& | && | \|[|&]? | [&;()<>] )
    | (?P<word> function[^\S\n]+[^\s()]+ | {_WORD} )
    """,
    re.VERBOSE | re.DOTALL,
)
"""None where a quotation has no end yet, or a backslash stands before the end."""
_QUOTING = re.compile(r"\\(.)|['\"]")
_ENDS = {"if": "fi", "case": "esac", "for": "done", "select": "done", "while": "done", "until": "done", "{": "}"}
"""By the word that opens a compound command."""
_BEFORE_COMMANDS = frozenset({"if", "while", "until", "{", "then", "else", "elif", "do", "!", "time"})
_WAITING = frozenset({"|", "||", "|&", "&&"})
_AT_WORDS = frozenset("$=<>@?*+!")
"""Where a bracket stands right behind one of them, what it holds is part of a word."""


class Typed:
    """Quotations, here-documents, brackets, compound commands and operators that are open; what words mean is not looked at."""

    def __init__(self) -> None:
        self._rest = ""
        """From where an open quotation begins."""
        self._coming: list[tuple[str, bool]] = []
        """The delimiters of here-documents that begin with the next line, and whether tabs before them count for nothing."""
        self._open: list[str] = []
        """What has to come, the innermost last."""
        self._at_command = True
        """Whether the next word could be one that opens or ends a compound command."""
        self._operator = False

    @property
    def waits(self) -> bool:
        """Whether a shell would ask for another line."""
        return bool(self._rest or self._coming or self._open or self._operator)

    def add(self, line: str) -> None:
        """Takes the next line, without its prompt."""
        if self._coming and not self._rest:
            delimiter, is_tabbed = self._coming[0]
            if (line.lstrip("\t") if is_tabbed else line) == delimiter:
                del self._coming[0]
            return
        text, at = f"{self._rest}{line}\n", 0
        while token := _TOKEN.match(text, at):
            self._take(token, text[at - 1 : at])
            at = token.end()
        self._rest = text[at:]

    def _take(self, token: re.Match[str], before: str) -> None:
        if token["space"]:
            return
        if token["newline"]:
            self._at_command = True
            return
        self._operator = token["sign"] in _WAITING
        if token["document"]:
            self._coming.append((_QUOTING.sub(r"\1", token["document"]), bool(token["tabs"])))
        elif token["sign"]:
            self._take_sign(token["sign"], before)
        elif token["word"] and self._at_command:
            self._take_word(token["word"])

    def _take_sign(self, sign: str, before: str) -> None:
        inner = self._open[-1] if self._open else ""
        match sign:
            case "(":
                is_word = before in _AT_WORDS
                self._open.append("word)" if is_word else ")")
                self._at_command = not is_word or before == "$"
            case ")":
                if inner.endswith(")"):
                    self._open.pop()
                self._at_command = inner != "word)"
            case "<" | ">" | "<<<":
                self._at_command = False
            case _:
                self._at_command = True

    def _take_word(self, word: str) -> None:
        if self._open and word == self._open[-1]:
            self._open.pop()
        elif word in _ENDS:
            self._open.append(_ENDS[word])
        self._at_command = word in _BEFORE_COMMANDS or word.startswith("function")


def waits(command: str) -> bool:
    """Whether a shell would ask for another line after these.

    ```python
    from docwitness.typed import waits

    print(waits("echo 'a"), waits("cat <<EOF"), waits("true &&"), waits("for n in 1; do"), waits("cat <<<a"))
    #> True True True True False
    ```
    """
    typed = Typed()
    for line in command.split("\n"):
        typed.add(line)
    return typed.waits
