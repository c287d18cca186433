"""The place of the placeholder bar on pages whose samples have something to fill in. The site's script builds the bar."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping

from markdown import Markdown
from markdown.postprocessors import Postprocessor

NAME = "docwitness_bar"
AFTER_ALL = -10.0

_HEADING_END = "</h1>"


class Bar(Postprocessor):
    """Puts an empty element behind the first heading. Search indexes leave it out."""

    def __init__(self, converter: Markdown, server: Mapping[str, str] | None, help_page: str) -> None:
        """`help_page` says how to get a server, and is relative to the site; empty for none."""
        super().__init__(converter)
        data = {"server": json.dumps(dict(server)) if server else "", "help": help_page}
        self._data = "".join(f' data-{name}="{html.escape(value)}"' for name, value in data.items() if value)

    def run(self, text: str) -> str:
        """The page with its bar."""
        if "<var data-docwitness=" not in text:
            return text
        at = text.find(_HEADING_END) + len(_HEADING_END) if _HEADING_END in text else 0
        return f'{text[:at]}\n<div class="dw-bar" data-search-exclude{self._data}></div>\n{text[at:]}'
