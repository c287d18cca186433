"""Which page is being converted, where the builder of the site says so."""

from __future__ import annotations

from typing import Any

from markdown import Markdown


def page_of(converter: Markdown) -> str | None:
    """The path of the page below the folder of the pages; None where the builder does not tell.

    MkDocs and ProperDocs hand the file to their `relpath` processor (mkdocs/mkdocs, `mkdocs/structure/pages.py`), Zensical
    registers a context (zensical/zensical, `python/zensical/markdown.py`).
    """
    if "relpath" in converter.treeprocessors:
        file: Any = getattr(converter.treeprocessors["relpath"], "file", None)
        return getattr(file, "src_uri", None)
    for name in ("rendering_context", "zensical_context"):
        if name in converter.preprocessors:
            page: Any = getattr(converter.preprocessors[name], "page", None)
            return getattr(page, "path", None)
    return None
