"""Comments for docwitness, which readers of the site have no use for: they are left out of its pages, hidden samples included."""

from __future__ import annotations

import re

from markdown.postprocessors import Postprocessor

NAME = "docwitness_comments"
BEFORE_THE_BAR = -5.0

_COMMENT = re.compile(r"<!--\s*docwitness\s*:.*?-->\n?", re.DOTALL)


class Comments(Postprocessor):
    """Takes them out."""

    def run(self, text: str) -> str:
        """The page without them."""
        return _COMMENT.sub("", text)
