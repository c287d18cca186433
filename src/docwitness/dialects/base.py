"""The contract of a dialect."""

from __future__ import annotations

from typing import Protocol

from docwitness.page import Page


class Dialect(Protocol):
    """Reads pages of one way of writing Markdown: the text comes in, the page goes out.

    One that is found by name is made with the project folder (an absolute `pathlib.Path`) as its only argument.
    """

    @property
    def name(self) -> str:
        """The word that configuration and reports use."""
        ...

    def read(self, path: str, text: str) -> Page:
        """The page with everything found in it; what is wrong with the text becomes a defect of the page.

        `path` is relative to the project.
        """
        ...
