"""The folder of a project in which runs leave what later ones and other commands read."""

from __future__ import annotations

from pathlib import Path

NAME = ".docwitness"
"""In the project; git leaves it alone, because a `.gitignore` in it says so."""


def prepared(root: Path) -> Path:
    """The folder, made and kept out of git. Raises `OSError` where it cannot be."""
    folder = root / NAME
    folder.mkdir(exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    return folder
