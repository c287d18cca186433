"""Finds the pages of a project and reads each in its dialect."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from docwitness import plugins
from docwitness.dialects import site_file
from docwitness.dialects.base import Dialect
from docwitness.errors import UsageError
from docwitness.page import Defect, Location, Page
from docwitness.rule import Rule
from docwitness.settings import Configuration
from docwitness.shares import in_shares

if TYPE_CHECKING:
    from docwitness.dialects.site import Settings

SUFFIXES = (".md", ".markdown")
"""Of the files in a folder, those that are pages. A file that is named itself is a page whatever its name."""

_BYTE_ORDER_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def find(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The page files at these paths, each once. Folders are searched, but for hidden ones and `node_modules`; links are followed.

    Raises `UsageError` when there is nothing at a path.
    """
    found: dict[Path, Path] = {}
    entered: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise UsageError(f"there is no {path}")
        for file in _in_folder(path, entered) if path.is_dir() else (path,):
            found.setdefault(file.resolve(), file)
    return tuple(found.values())


def _in_folder(folder: Path, entered: set[Path]) -> Iterator[Path]:
    """What a link leads to comes last, so that a page goes by its own name. `entered` are the folders where a search has begun."""
    entered.add(folder.resolve())
    links: list[Path] = []
    for name, folders, files in os.walk(folder):
        folders[:] = sorted(inner for inner in folders if not inner.startswith(".") and inner != "node_modules")
        links += [path for inner in folders if (path := Path(name) / inner).is_symlink()]
        pages = [Path(name) / file for file in sorted(files) if file.lower().endswith(SUFFIXES)]
        yield from sorted(pages, key=Path.is_symlink)
    for link in links:
        if link.resolve() not in entered:
            yield from _in_folder(link, entered)


class Library:
    """Reads page files. Each dialect is loaded when the first page needs it."""

    def __init__(self, configuration: Configuration) -> None:
        self._root = configuration.root
        self._chosen: Mapping[Path, str] = configuration.dialects
        self._dialects: dict[str, Dialect] = {}
        self._sites: dict[Path, Settings] = {}

    def read(self, file: Path) -> Page:
        """The page; one that cannot be read has no blocks, and a defect that says why.

        Raises `ConfigurationError` when the settings of its site cannot be used.
        """
        path = self.shown(file)
        name = self._dialect_name(file)
        try:
            content = file.read_bytes()
        except OSError as error:
            return Page(path=path, dialect=name, blocks=(), defects=(_unreadable(path, 1, error.strerror or str(error)),))
        page = self._dialect(name).read(path, content.decode("utf-8", errors="replace"))
        faults = tuple(_decoding_faults(path, content))
        return replace(page, defects=(*faults, *page.defects)) if faults else page

    def read_all(self, files: Sequence[Path]) -> list[Page]:
        """The pages of all files, several at a time; raises as `read` does."""
        first = [self.read(file) for file in files[:1]]  # it loads what copies of this process can then share
        return first + in_shares(lambda share: [self.read(file) for file in share], files[1:])

    def excluded(self, file: Path) -> bool:
        """Whether the site of a page leaves it out (`exclude_docs`). Raises `ConfigurationError` as `read` does."""
        site = self._site(file.absolute())
        return site is not None and site.excluded(file.absolute().relative_to(site.docs).as_posix())

    def shown(self, file: Path) -> str:
        """A page's path as reports show it: relative to the project folder."""
        return os.path.relpath(file.absolute(), self._root).replace(os.sep, "/")

    def _dialect_name(self, file: Path) -> str:
        resolved = file.resolve()
        for place in (resolved, *resolved.parents):
            if place in self._chosen:
                return self._chosen[place]
        return "mkdocs" if self._site(file.absolute()) else "commonmark"

    def _site(self, file: Path) -> Settings | None:
        """The MkDocs site above the page that holds it; a README beside the `mkdocs.yml` is no page of the site."""
        settings = site_file.find(file)
        if settings is None:
            return None
        if settings not in self._sites:
            from docwitness.dialects import site  # noqa: PLC0415  (loads MkDocs, which projects without a site do without)

            self._sites[settings] = site.read(settings)
        found = self._sites[settings]
        return found if file.is_relative_to(found.docs) else None

    def _dialect(self, name: str) -> Dialect:
        if name not in self._dialects:
            self._dialects[name] = plugins.load(plugins.Group.DIALECTS, name)(self._root)
        return self._dialects[name]


def _decoding_faults(path: str, content: bytes) -> Iterator[Defect]:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        encoding = _BYTE_ORDER_MARKS.get(content[:2])
        message = f"it is {encoding}, not UTF-8" if encoding else f"byte {content[error.start]:#04x} is not UTF-8"
        yield _unreadable(path, content.count(b"\n", 0, error.start) + 1, message)
    else:
        if "\0" in text:
            yield _unreadable(path, text.count("\n", 0, text.index("\0")) + 1, "there is a NUL character")


def _unreadable(path: str, line: int, message: str) -> Defect:
    return Defect(location=Location(path, line), rule=Rule.UNREADABLE_PAGE, message=f"this page cannot be read: {message}")
