"""The terms that pages state for their samples as they are now: a mark is no longer true when they have changed since the run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from docwitness.dialects import site_file
from docwitness.gather import gather
from docwitness.pages import Library
from docwitness.settings import Configuration
from docwitness.terms import terms_of

Terms = Mapping[str, Collection[str]]
"""By the hash of a text: all terms that the samples with this text have on one page."""


class Stated:
    """Reads pages as a run does."""

    def __init__(self, configuration: Configuration) -> None:
        self._root = configuration.root
        self._placeholders = configuration.placeholders
        self._library = _library(_Key.of(configuration))

    def on(self, page: str) -> Terms:
        """Of a page, relative to the project. Raises `ConfigurationError` when the settings of its site cannot be used."""
        terms: dict[str, set[str]] = defaultdict(set)
        for sample in gather(self._library.read(self._root / page), self._placeholders).samples:
            terms[sample.hash].add(terms_of(sample))
        return terms


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """A configuration, the same one as long as neither its file nor the settings of the site change."""

    root: Path
    changed_ns: tuple[int, ...]
    configuration: Configuration = field(compare=False)

    @classmethod
    def of(cls, configuration: Configuration) -> _Key:
        files = [configuration.file, *(configuration.root / name for name in site_file.NAMES)]
        changed_ns = tuple(file.stat().st_mtime_ns for file in files if file and file.is_file())
        return cls(root=configuration.root, changed_ns=changed_ns, configuration=configuration)


@lru_cache(maxsize=1)
def _library(key: _Key) -> Library:
    """Builders make a new converter for every page; what a site's Markdown settings load is loaded once."""
    return Library(key.configuration)
