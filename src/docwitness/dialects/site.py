"""The Markdown settings of a MkDocs site, and the Python-Markdown that they make. Theme and plugins are left alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import yaml
from markdown import Markdown
from markdown.extensions.attr_list import get_attrs_and_remainder
from markdown.extensions.fenced_code import FencedBlockPreprocessor
from markdown.preprocessors import Preprocessor
from mkdocs.exceptions import ConfigurationError as MkDocsError
from mkdocs.utils.yaml import get_yaml_loader, yaml_load
from pymdownx.snippets import SnippetExtension  # type: ignore[import-untyped]

from docwitness.dialects import site_file
from docwitness.dialects.snippets import Includer
from docwitness.errors import ConfigurationError

_BUILTIN = ("toc", "tables", "fenced_code")
"""Extensions that MkDocs adds to those of every site (mkdocs/mkdocs, `mkdocs/config/defaults.py`)."""
_LEFT_OUT = frozenset({"pymdownx.emoji", "docwitness.integrations.markdown"})
"""Extensions that no block depends on: one takes long to load, and ours adds marks to what is read here."""
_EXCLUDED = "templates/"
"""The folder that MkDocs leaves out of every site, besides hidden ones (mkdocs/mkdocs, `mkdocs/structure/files.py`)."""
_SNIPPETS = "pymdownx.snippets"
_NAME_TAG = "tag:yaml.org,2002:python/name:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a `mkdocs.yml` says about Markdown."""

    file: Path
    docs: Path
    """The folder of its pages."""
    excluded: Callable[[str], bool]
    """Whether a page, by its path from that folder, is left out of the site that is built (`exclude_docs`)."""
    extensions: tuple[str, ...]
    options: Mapping[str, Mapping[str, Any]]
    page: SimpleNamespace
    """What `!relative` asks for the current page."""


def read(file: Path) -> Settings:
    """Reads the file as MkDocs does, `INHERIT`, `!ENV` and `!relative` included. Raises `ConfigurationError`."""
    page = SimpleNamespace(config_file_path=str(file), docs_dir="", _current_page=None)
    loader = get_yaml_loader(getattr(yaml, "CLoader", yaml.Loader), cast("Any", page))
    loader.add_multi_constructor(_NAME_TAG, _python_name)
    try:
        with file.open("rb") as stream:
            document = yaml_load(stream, loader)
    except (MkDocsError, yaml.YAMLError, OSError) as error:
        raise ConfigurationError(f"{file}: {error}") from error
    if not isinstance(document, dict):
        raise ConfigurationError(f"{file}: must be a mapping")
    docs = file.parent / str(document.get("docs_dir") or "docs")
    page.docs_dir = str(docs)
    extensions, options = _extensions(file, document.get("markdown_extensions") or [])
    excluded = _excluded(file, document.get("exclude_docs"))
    return Settings(file=file, docs=docs, excluded=excluded, extensions=extensions, options=options, page=page)


def defaults(root: Path) -> Settings:
    """Those of a site whose `mkdocs.yml` says nothing about Markdown."""
    page = SimpleNamespace(config_file_path="", docs_dir=str(root), _current_page=None)
    file = root / site_file.NAMES[0]
    return Settings(file=file, docs=root, excluded=_excluded(file, None), extensions=_BUILTIN, options={}, page=page)


def _python_name(loader: Any, suffix: str, node: Any) -> Any:
    """A name of the theme is needed by no extension that is kept, so the theme need not be there."""
    return None if suffix.startswith("material") else loader.construct_python_name(suffix, node)


def _excluded(file: Path, patterns: Any) -> Callable[[str], bool]:
    if patterns is None:
        return lambda page: page.startswith(_EXCLUDED)
    from mkdocs.config.base import ValidationError  # noqa: PLC0415  (takes longer to load than many pages to read)
    from mkdocs.config.config_options import PathSpec  # noqa: PLC0415

    try:
        return PathSpec().validate(f"/{_EXCLUDED}\n{patterns}" if isinstance(patterns, str) else patterns).match_file
    except ValidationError as error:
        raise ConfigurationError(f"{file}: exclude_docs: {error}") from error


def _extensions(file: Path, listed: Any) -> tuple[tuple[str, ...], dict[str, dict[str, Any]]]:
    entries = [{name: value} for name, value in listed.items()] if isinstance(listed, dict) else listed
    names = list(_BUILTIN)
    options: dict[str, dict[str, Any]] = {}
    for entry in entries if isinstance(entries, list) else [entries]:
        pairs = {entry: None} if isinstance(entry, str) else entry
        if not isinstance(pairs, dict) or len(pairs) != 1:
            raise ConfigurationError(
                f"{file}: markdown_extensions must be a list of names, or of a name with its options: {entry!r}"
            )
        ((name, value),) = pairs.items()
        names += [name] if name not in names else []
        options[name] = dict(value or {})
    return tuple(name for name in names if name not in _LEFT_OUT), {
        name: kept for name, kept in options.items() if name not in _LEFT_OUT
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """A fence as the site's extensions hand it to the highlighter."""

    text: str
    language: str


@dataclass(slots=True)
class Site:
    """Converts pages. The result holds `<pre data-docwitness="N"></pre>` in place of the Nth fence that was handed over."""

    settings: Settings
    includer: Includer | None = None
    appended: tuple[str, ...] = ()
    indents_fences: bool = True
    """False when fences are found at the beginning of lines only (`fenced_code` without superfences)."""
    _bases: tuple[str, ...] = ()
    _handed_over: list[HandedOver] = field(default_factory=list)
    _markdown: Markdown = field(default_factory=Markdown)

    @classmethod
    def build(cls, settings: Settings) -> Site:
        """Raises `ConfigurationError` when an extension cannot be loaded."""
        options = {name: dict(values) for name, values in settings.options.items()}
        bases = options.get(_SNIPPETS, {}).pop("base_path", ["."])
        try:
            converter = Markdown(extensions=list(settings.extensions), extension_configs=options)
        except (ImportError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise ConfigurationError(f"{settings.file}: its Markdown extensions cannot be loaded: {error}") from error
        site = cls(settings=settings, _markdown=converter)
        site._bases = tuple(bases) if isinstance(bases, list) else (bases,)
        site._take_snippets()
        site._take_fences()
        return site

    def start(self, page: Path) -> None:
        """Makes ready for a page: what is relative to it is resolved."""
        source = SimpleNamespace(src_path=os.path.relpath(page, self.settings.docs))
        self.settings.page._current_page = SimpleNamespace(file=source)
        if self.includer is not None:
            root = self.settings.file.parent
            self.includer.base_path = [str((root / base).resolve()) for base in self._bases]

    def convert(self, lines: Sequence[str]) -> tuple[str, tuple[HandedOver, ...]]:
        """The HTML of a page whose snippets are in, and the fences in it."""
        self._handed_over = []
        self._markdown.reset()
        return self._markdown.convert("\n".join(lines)), tuple(self._handed_over)

    def hand_over(self, src: str = "", language: str | None = "", **_: Any) -> str:
        """What superfences calls instead of the highlighter, or of a custom fence's formatter."""
        self._handed_over.append(HandedOver(text=src, language=language or ""))
        return f'<pre data-docwitness="{len(self._handed_over) - 1}"></pre>'

    def _take_snippets(self) -> None:
        """Snippets are included before the conversion; see `docwitness.dialects.snippets`."""
        if "snippet" not in self._markdown.preprocessors:
            return
        self.includer = cast("Includer", self._markdown.preprocessors["snippet"])
        self.appended, self.includer.auto_append = tuple(self.includer.auto_append), ()
        self._markdown.preprocessors.deregister("snippet")
        kept = [extension for extension in self._markdown.registeredExtensions if not isinstance(extension, SnippetExtension)]
        self._markdown.registeredExtensions = kept

    def _take_fences(self) -> None:
        found: Any = self._markdown.preprocessors["fenced_code_block"]
        if isinstance(found, FencedBlockPreprocessor):
            self.indents_fences = False
            self._markdown.preprocessors.register(_LineStartFences(self._markdown, self), "fenced_code_block", 25)
        else:
            # just before superfences looks for fences: after whatever else took over a formatter
            self._markdown.preprocessors.register(_Takeover(self._markdown, self, found.extension), "docwitness", 25.01)


class _Takeover(Preprocessor):
    """Puts itself in place of every formatter of superfences."""

    def __init__(self, converter: Markdown, site: Site, superfences: Any) -> None:
        super().__init__(converter)
        self._site = site
        self._superfences = superfences

    def run(self, lines: list[str]) -> list[str]:
        for kind in self._superfences.superfences:
            kind["formatter"] = self._site.hand_over
        return lines


class _LineStartFences(Preprocessor):
    """Finds fences where `fenced_code` does (Python-Markdown/markdown, `markdown/extensions/fenced_code.py`)."""

    def __init__(self, converter: Markdown, site: Site) -> None:
        super().__init__(converter)
        self._site = site
        self._converter = converter

    def run(self, lines: list[str]) -> list[str]:
        text, at = "\n".join(lines), 0
        while found := FencedBlockPreprocessor.FENCED_BLOCK_RE.search(text, at):
            language = found["lang"] or ""
            if found["attrs"]:
                attributes, rest = get_attrs_and_remainder(found["attrs"])
                if rest:
                    at = found.end("attrs")
                    continue
                language = next((value or "" for key, value in attributes if key == "."), "")
            mark = self._converter.htmlStash.store(self._site.hand_over(found["code"], language))
            text = f"{text[: found.start()]}\n{mark}\n{text[found.end() :]}"
            at = found.start() + 1 + len(mark)
        return text.split("\n")
