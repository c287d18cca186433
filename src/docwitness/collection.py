"""What collecting yields: the pages of a project, their samples, and what is wrong or left out."""

from __future__ import annotations

from dataclasses import dataclass

from docwitness.claim import Claim
from docwitness.page import Defect, Location, Page, Table
from docwitness.sample import Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncollected:
    """A block, table or list that will not run or be judged."""

    location: Location
    language: str
    """The language word as written; the role of a table or list."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """All pages of a run."""

    pages: tuple[Page, ...]
    samples: tuple[Sample, ...]
    """In the order of the pages, hidden ones included. Their ids are unique."""
    defects: tuple[Defect, ...]
    """Of all pages, those between pages included."""
    uncollected: tuple[Uncollected, ...]
    claims: tuple[Claim, ...] = ()
    """What the marked tables and lists of all pages state, in the order of the pages."""
    partial: bool = False
    """Only some pages of the project were asked for."""
    notices: tuple[str, ...] = ()
    """What is odd, but nobody's claim."""

    @property
    def tables(self) -> tuple[Table, ...]:
        """The marked tables and lists of all pages."""
        return tuple(table for page in self.pages for table in page.tables)
