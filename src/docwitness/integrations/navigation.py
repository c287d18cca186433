"""What a `mkdocs.yml` says about its site as a whole: its name, its address, and its pages in their order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from mkdocs.exceptions import ConfigurationError as MkDocsError
from mkdocs.utils.yaml import get_yaml_loader, yaml_load

from docwitness.errors import ConfigurationError


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A page in the navigation."""

    path: str
    """In the folder of the pages."""
    title: str
    """Empty where the navigation has none."""
    section: str
    """The top-level entry that holds it; empty when it is one itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Navigation:
    """The site."""

    name: str
    description: str
    url: str
    """Ends with a slash; empty when the site has no address."""
    docs: Path
    entries: tuple[Entry, ...]


def read(file: Path) -> Navigation:
    """Reads the file as MkDocs does. Raises `ConfigurationError` when it cannot be read, or has no navigation."""
    loader = get_yaml_loader(yaml.Loader)
    loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda *_: None)
    try:
        with file.open("rb") as stream:
            document = yaml_load(stream, loader)
    except (MkDocsError, yaml.YAMLError, OSError) as error:
        raise ConfigurationError(f"{file}: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("nav"), list):
        raise ConfigurationError(f"{file}: there is no nav, so nothing says which pages there are and in which order")
    url = str(document.get("site_url") or "")
    return Navigation(
        name=str(document.get("site_name") or ""),
        description=str(document.get("site_description") or ""),
        url=url if url.endswith("/") or not url else f"{url}/",
        docs=file.parent / str(document.get("docs_dir") or "docs"),
        entries=tuple(_entries(document["nav"], "")),
    )


def _entries(listed: Any, section: str) -> Iterator[Entry]:
    """Links to other places are no pages."""
    for item in listed:
        title, value = next(iter(item.items())) if isinstance(item, dict) else ("", item)
        if isinstance(value, list):
            yield from _entries(value, section or str(title))
        elif str(value).endswith(".md"):
            yield Entry(path=str(value), title=str(title), section=section)
