"""The Python-Markdown extension for sites: samples that fill themselves in, and marks that the last run has earned.

In `mkdocs.yml`, for MkDocs, ProperDocs and Zensical alike:

    markdown_extensions:
      - docwitness.integrations.markdown:
          report: .docwitness/report.json
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension

from docwitness import archive, folder
from docwitness.config.reading import load
from docwitness.integrations import bar, comments, fences, rows, server
from docwitness.integrations.blanks import Blanks
from docwitness.integrations.marks import Marks
from docwitness.integrations.stated import Stated


class Docwitness(Extension):
    """Placeholders come from the configuration of the project, marks from the report."""

    def __init__(self, **options: Any) -> None:
        """Options: `project`, the folder of the project (default: where the builder runs); `report`, a file in it; `server_help`, a
        page of the site; `tabs`, labels.
        """  # noqa: D205 - one sentence
        self.config = {
            "project": [".", "Folder of the project"],
            "report": [
                f"{folder.NAME}/{archive.FILE}",
                "Report of `docwitness run`, relative to the project; without it there are no marks",
            ],
            "server_help": ["", "Page that says how to get a server, relative to the site, for the placeholder bar to link to"],
            "tabs": [[], "Labels of tabs: a block in a tab does not repeat them as its title"],
        }
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name that Python-Markdown calls
        """Raises `ConfigurationError` or `UsageError` where the configuration or the report cannot be read."""
        configuration = load(Path(self.getConfig("project")))
        marks = _marks(configuration.root, configuration.root / self.getConfig("report"))
        blanks = Blanks(configuration.placeholders)
        root = configuration.root
        samples = fences.Fences(md, blanks, marks, Stated(configuration), root=root, tabs=self.getConfig("tabs"))
        md.preprocessors.register(samples, fences.NAME, fences.BEFORE_ALL)
        md.treeprocessors.register(rows.Rows(md, marks, root=root, columns=configuration.columns), rows.NAME, rows.BEFORE_ANCHORS)
        md.postprocessors.register(comments.Comments(md), comments.NAME, comments.BEFORE_THE_BAR)
        md.postprocessors.register(bar.Bar(md, server.beside(), self.getConfig("server_help")), bar.NAME, bar.AFTER_ALL)


def makeExtension(**options: Any) -> Docwitness:  # noqa: N802 - the name that Python-Markdown calls
    """What Python-Markdown calls."""
    return Docwitness(**options)


def _marks(root: Path, report: Path) -> Marks | None:
    return _read(root, report, report.stat().st_mtime_ns) if report.is_file() else None


@lru_cache(maxsize=4)
def _read(root: Path, report: Path, _changed_ns: int) -> Marks:
    """MkDocs makes a new converter for every page, and the report of a large site takes a while to read."""
    return Marks(archive.last(root, report))
