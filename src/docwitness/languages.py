"""Which runner a fence's language word means, and which blocks are data."""

from __future__ import annotations

import re
from dataclasses import dataclass

from docwitness.sample import Language

RUNNERS = {
    "sh": Language.SHELL,
    "bash": Language.SHELL,
    "shell": Language.SHELL,
    "console": Language.SHELL,
    "python": Language.PYTHON,
    "py": Language.PYTHON,
    "js": Language.NODE,
    "javascript": Language.NODE,
    "mjs": Language.NODE,
    "node": Language.NODE,
    "telegraf": Language.TELEGRAF,
}
"""From a language word to its runner."""

CONSOLE = "console"
DATA = frozenset({"json", "toml", "yaml"})
"""Languages that are parsed, not run."""

FOREIGN = frozenset({
    "c", "c#", "c++", "cmd", "cpp", "cs", "csharp", "dart", "elixir", "fish", "flux", "go", "golang", "groovy", "haskell",
    "influxql", "java", "julia", "jsx", "ksh", "kotlin", "lua", "perl", "php", "powershell", "ps1", "pwsh", "r", "rb", "rs", "ruby",
    "rust", "scala", "sql", "swift", "ts", "tsx", "typescript", "zsh",
})  # fmt: skip
"""Languages of code that nothing of ours runs: what a page says behind it about a result is about that code."""

WORDS = (*RUNNERS, *sorted(DATA))
"""All language words that mean something to docwitness."""

_TELEGRAF_PLUGIN = re.compile(
    r"^[ \t]*\[\[?[ \t]*(?:inputs|outputs|processors|aggregators|parsers|serializers|secretstores)[ \t]*\.[ \t]*[\w\"']",
    re.MULTILINE,
)
"""The beginning of a plugin table's heading, so that a heading which is never closed counts too."""


@dataclass(frozen=True, slots=True)
class Runnable:
    """How a block runs."""

    runner: str
    console: bool = False


def runnable(language: str, text: str) -> Runnable | None:
    """How a block with this language word and text runs; None when none of our runners takes it."""
    word = language.casefold()
    if word == "toml" and _TELEGRAF_PLUGIN.search(text):
        return Runnable(Language.TELEGRAF)
    return Runnable(RUNNERS[word], console=word == CONSOLE) if word in RUNNERS else None
