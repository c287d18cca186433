"""Cells as tests write them."""

from __future__ import annotations

import re

from docwitness.page import Cell


def cell(text: str) -> Cell:
    """A cell whose code spans stand between backticks."""
    return Cell(text=text.replace("`", ""), codes=tuple(re.findall("`([^`]+)`", text)))
