"""The settings file of a MkDocs site, found without loading MkDocs."""

from __future__ import annotations

from pathlib import Path

NAMES = ("mkdocs.yml", "mkdocs.yaml")
"""The first that is there counts."""


def find(page: Path) -> Path | None:
    """The nearest one in the folders above a page."""
    return next((folder / name for folder in page.parents for name in NAMES if (folder / name).is_file()), None)
