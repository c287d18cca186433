"""A small project with a report, and its pages as the extension makes them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from markdown import Markdown

from docwitness.description import TargetDescription
from docwitness.evidence import Evidence
from docwitness.exchange import Exchange, Request, Response, StoredPoint
from docwitness.execution import Completed
from docwitness.page import Location
from docwitness.report import Report
from docwitness.reporters.json import Json
from docwitness.rule import Rule
from docwitness.text import digest
from docwitness.verdict import Kind, Outcome, Verdict

SAMPLE = "curl https://api.example.com/write?db=DATABASE --header 'Authorization: Bearer TOKEN'"

CONFIGURATION = """[placeholders]
"https://api.example.com" = "{url}"
TOKEN = "{token}"
DATABASE = "{database}"
COLOUR = "teal"
CERTIFICATE = "{tls_ca}"
"""


def sample(text: str, *, outcome: Outcome = Outcome.PROVEN, name: str = "write", **more: Any) -> Verdict:
    """The verdict on a shell sample."""
    place = Location("docs/page.md", 3)
    claim: dict[str, Any] = {
        "id": name,
        "kind": Kind.SAMPLE,
        "location": place,
        "outcome": outcome,
        "language": "shell",
        "hash": digest(text),
    }
    return Verdict(**(claim | {"evidence": ("e1",)} | more))


def row(text: str, line: int = 9, *, outcome: Outcome = Outcome.PROVEN, aspect: str = "required", **more: Any) -> Verdict:
    """The verdict on one claim of a row."""
    rule = None if outcome is Outcome.PROVEN else Rule.REQUIRED_DIFFERS
    return Verdict(
        id=f"POST /write:{text.split(' | ', maxsplit=1)[0]}:{aspect}",
        kind=Kind.PARAMETER,
        location=Location("docs/page.md", line),
        outcome=outcome,
        rule=rule,
        row=text,
        cell=aspect,
        hash=digest(text),
        evidence=("e1",),
        **more,
    )


def report(*verdicts: Verdict) -> Report:
    """A report with one piece of evidence, which all share."""
    request = Request(
        method="POST", target="/write?db=x", version="HTTP/1.1", headers=(("Authorization", "Bearer [token]"),), body=b"home t=1"
    )
    response = Response(status=204, reason="No Content", version="HTTP/1.1", headers=(), body=b"")
    point = StoredPoint(table="home", tags=(), fields=(("t", ("float", 1.0)),), time_ns=5)
    evidence = Evidence(
        execution=Completed(exit_status=0, duration_s=0.1, stdout="", stderr=""),
        exchanges=(Exchange(request=request, response=response, started_ns=1, ended_ns=2),),
        effect=(point,),
    )
    target = TargetDescription(kind="embedded", server="docwitness 9.9")
    started = datetime(2026, 11, 22, 12, tzinfo=UTC)
    return Report(started=started, duration_s=1.0, verdicts=verdicts, evidence={"e1": evidence}, target=target)


class Site:
    """Converts pages of a project as a site's builder does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "docwitness.toml").write_text(CONFIGURATION, encoding="utf-8")

    def keep(self, of: Report | None) -> None:
        """Makes it the report of the last run."""
        file = self.folder / ".docwitness" / "report.json"
        file.parent.mkdir(exist_ok=True)
        if of is None:
            file.unlink()
        else:
            file.write_text(Json().render(of), encoding="utf-8")

    def html(self, *lines: str, first: bool = True) -> str:
        """The HTML of a page, with the extension before or after superfences in the list."""
        ours = ["docwitness.integrations.markdown"]
        others = ["attr_list", "tables", "pymdownx.superfences", "pymdownx.highlight", "pymdownx.tabbed"]
        converter = Markdown(
            extensions=[*ours, *others] if first else [*others, *ours],
            extension_configs={
                ours[0]: {"project": str(self.folder), "tabs": ["curl"]},
                "pymdownx.tabbed": {"alternate_style": True},
            },
        )
        return converter.convert("\n".join(lines))

    def server(self, **said: str) -> Path:
        """A file that names a server."""
        file = self.folder / "server.json"
        file.write_text(json.dumps(said), encoding="utf-8")
        return file


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Without a report."""
    return Site(tmp_path)
