import re

from docwitness.directives import Directives
from docwitness.page import Block, Location, Page
from docwitness.text import canonical

BLOCK = re.compile(
    r"^\[source,(?P<language>\w+)\]\n----\n(?P<text>.*?)^----$",
    re.MULTILINE | re.DOTALL,
)


class AsciiDoc:
    """Reads the listing blocks of AsciiDoc pages."""

    name = "asciidoc"

    def __init__(self, root):
        """`root` is the folder of the project."""

    def read(self, path, text):
        blocks = []
        for found in BLOCK.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            blocks.append(
                Block(
                    location=Location(path, line),
                    language=found["language"],
                    text=canonical(found["text"]),
                    directives=Directives(),
                    first_line=line + 2,
                )
            )
        return Page(path=path, dialect=self.name, blocks=tuple(blocks))
