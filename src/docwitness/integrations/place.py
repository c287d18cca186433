"""Which page is being converted, where the builder of the site says so."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from markdown import Markdown


def page_of(converter: Markdown, root: Path) -> str | None:
    """The path of the page relative to the project, as reports have it; None where the builder does not tell.

    Zensical registers a preprocessor that knows it (zensical/zensical, `python/zensical/extensions/context.py`), MkDocs and
    ProperDocs a processor for links (mkdocs/mkdocs, `mkdocs/structure/pages.py`).
    """
    file: str | None = None
    if "rendering_context" in converter.preprocessors:
        context: Any = converter.preprocessors["rendering_context"]
        file = str(Path(context.config.get("docs_dir", "docs"), context.page.path).absolute())
    elif "relpath" in converter.treeprocessors:
        processor: Any = converter.treeprocessors["relpath"]
        file = processor.file.abs_src_path
    return None if file is None else os.path.relpath(file, root).replace(os.sep, "/")
