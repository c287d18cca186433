"""Anchors of the site: those of rows, and links to them and to samples from pages that are made for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from markdown.extensions.toc import slugify

from docwitness.directives import Role
from docwitness.page import Location


def of_row(role: Role, label: str) -> str:
    """`parameter-bucket`, `value-ms`, `error-400-missing-bucket-value`: the anchor of one label of a row."""
    words = re.sub(r"[^\w\s-]+", " ", f"{role.value.removesuffix('s')} {label}")
    return slugify(words, "-").strip("-")


@dataclass(frozen=True, slots=True)
class Links:
    """Writes links from pages at the top of the site's folder."""

    root: Path
    """The project folder, absolute."""
    docs: Path
    """The folder of the site's pages, absolute."""

    def to(self, text: str, place: Location, anchor: str) -> str:
        """A link in Markdown; only the text for what is on no page of the site."""
        file = self.root / place.path
        return f"[{text}]({file.relative_to(self.docs).as_posix()}#{anchor})" if file.is_relative_to(self.docs) else text
