"""The script and the stylesheet of the placeholder bar and the marks, for the site that shows them."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

FOLDER = "assets"
"""Of the script and the stylesheet, in the folder of the site's pages. The script finds evidence from where it is itself."""
NAMES = ("docwitness.js", "docwitness.css")


def write(folder: Path) -> None:
    """Writes them into a folder, in the place of those of another version. Whatever else is there stays."""
    folder.mkdir(exist_ok=True)
    for name in NAMES:
        (folder / name).write_bytes((files(__package__) / name).read_bytes())
