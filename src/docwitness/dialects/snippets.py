"""Includes snippets (`--8<--`) line by line through the site's own pymdownx.snippets, so that every line keeps its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Protocol

from pymdownx.snippets import SnippetMissingError  # type: ignore[import-untyped]

from docwitness.text import unix_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a page after its snippets are in."""

    text: str
    number: int
    """The line of the page that it stands on, or that includes it."""
    file: Path | None = None
    """The included file it comes from."""
    file_line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dangling:
    """A line of the page whose snippet cannot be included."""

    number: int
    message: str


class Includer(Protocol):
    """What is used of `SnippetPreprocessor` (facelessuser/pymdown-extensions, `pymdownx/snippets.py`)."""

    RE_ALL_SNIPPETS: re.Pattern[str]
    RE_SNIPPET_FILE: re.Pattern[str]
    base_path: Sequence[str]
    check_paths: bool
    auto_append: Sequence[str]

    def run(self, lines: list[str]) -> list[str]:
        """The lines with their snippets in; raises `SnippetMissingError` when paths are checked."""
        ...

    def get_snippet_path(self, path: str) -> str | None:
        """The file in the site's folders, or None."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Inclusion:
    """All lines of a page, and what is wrong with its snippets."""

    lines: tuple[Line, ...]
    dangling: tuple[Dangling, ...]


def include(lines: Sequence[str], includer: Includer | None, appended: Sequence[str] = (), *, above: int = 0) -> Inclusion:
    """Includes what the lines ask for; `appended` are the files that the site puts at the end of every page.

    `above` is how many lines of the page stand above these.
    """
    if includer is None:
        plain = tuple(Line(text=text, number=number) for number, text in enumerate(lines, above + 1))
        return Inclusion(lines=plain, dangling=())
    work = _Work(includer)
    for number, text in enumerate(lines, above + 1):
        work.add(number, text)
    for path in appended:
        work.append(above + len(lines), path)
    return Inclusion(lines=tuple(work.lines), dangling=tuple(work.dangling))


class _Work:
    """Goes through the lines of one page; remembers whether it is between two block marks."""

    def __init__(self, includer: Includer) -> None:
        self._includer = includer
        self._mark: str | None = None
        self.lines: list[Line] = []
        self.dangling: list[Dangling] = []

    def add(self, number: int, text: str) -> None:
        found = self._includer.RE_ALL_SNIPPETS.match(text) if "8<-" in text else None
        if found is not None and not found["escape"]:
            if found["block_marker"]:
                self._mark = text if self._mark is None else None
            elif self._mark is None:
                self._include(number, [text], found["snippet"][1:-1])
        elif self._mark is not None:
            self._include(number, [self._mark, text, self._mark], text)
        elif "8<-" in text:  # an escaped mark, or the mark of a section
            self.lines += [Line(text=kept, number=number) for kept in self._includer.run([text])]
        else:
            self.lines.append(Line(text=text, number=number))

    def append(self, number: int, path: str) -> None:
        self.lines.append(Line(text="", number=number))
        self._include(number, ["-8<-", path, "-8<-"], path)

    def _include(self, number: int, notation: list[str], path: str) -> None:
        try:
            texts = self._run(notation, check=True)
        except (SnippetMissingError, OSError, UnicodeDecodeError) as error:
            self.dangling.append(Dangling(number=number, message=str(error)))
            texts = self._run(notation, check=False) if isinstance(error, SnippetMissingError) else []
        self.lines += self._placed(number, texts, path.strip())

    def _run(self, notation: list[str], *, check: bool) -> list[str]:
        before, self._includer.check_paths = self._includer.check_paths, check
        try:
            return self._includer.run(notation)
        finally:
            self._includer.check_paths = before

    def _placed(self, number: int, texts: list[str], path: str) -> Iterator[Line]:
        parts = self._includer.RE_SNIPPET_FILE.match(path)
        name = self._includer.get_snippet_path(parts[1].strip()) if parts and parts[1].strip() else None
        if name is None or not Path(name).is_file():
            return (Line(text=text, number=number) for text in texts)
        file = Path(name)
        places = _places(texts, file, (parts[3] or "")[1:] if parts else "")
        return (
            Line(text=text, number=number, file=None if place is None else file, file_line=place or 0)
            for text, place in zip(texts, places, strict=True)
        )


def _places(texts: Sequence[str], file: Path, section: str) -> list[int | None]:
    """Where the included lines stand in their file, indents and the marks of sections aside; None for what it includes itself."""
    wanted = [text.strip() for text in texts]
    numbered = list(enumerate((line.strip() for line in unix_lines(file.read_text(encoding="utf-8", errors="replace"))), 1))
    if section:
        marks = [
            number
            for number, line in numbered
            if re.search(rf"8<-+\s+\[\s*start\s*:\s*{re.escape(section)}\s*\]", line, re.IGNORECASE)
        ]
        numbered = numbered[marks[0] :] if marks else numbered
    held = [(number, line) for number, line in numbered if not re.search(r"8<-+\s+\[\s*(start|end)\s*:", line)]
    for at, (_, line) in enumerate(held):
        if wanted and line == wanted[0] and [text for _, text in held[at : at + len(wanted)]] == wanted:
            return [number for number, _ in held[at : at + len(wanted)]]
    places: list[int | None] = [None] * len(wanted)
    for block in SequenceMatcher(None, wanted, [line for _, line in held], autojunk=False).get_matching_blocks():
        for offset in range(block.size):
            places[block.a + offset] = held[block.b + offset][0]
    return places
