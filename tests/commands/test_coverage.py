"""`docwitness coverage` as users start it, after a run."""

from __future__ import annotations

import json
from typing import Any

import pytest

CURL = """<!-- docwitness: id=curl -->
```sh
curl --silent "https://cluster-id.influxdb.io/api/v2/write?bucket=DATABASE_NAME" \\
  --header "Authorization: Bearer DATABASE_TOKEN" --data-binary 'home temp=21.5'
```
"""
PYTHON = """<!-- docwitness: id=python -->
```python
from urllib.request import Request, urlopen

url = "https://cluster-id.influxdb.io/api/v2/write?bucket=DATABASE_NAME&precision=s"
urlopen(Request(url, b"home temp=21.5", {"Authorization": "Bearer DATABASE_TOKEN"}))
```
"""
TABLE = """<!-- docwitness: parameters of="POST /api/v2/write" base=curl -->

| Parameter | Required |
|---|---|
| `bucket` | Required |
| `precision` | Optional |
| `Authorization` | Required |
"""
PAGE = f"{CURL}\n{PYTHON}\n{TABLE}"

_RUN: list[str] = []
"""The report of that page."""


def _configured(project: Any, text: str) -> None:
    file = project.folder / "docwitness.toml"
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.fixture
def ran(project: Any) -> Any:
    """A project whose last run is done; one run serves all tests."""
    project.page(PAGE)
    kept = project.folder / ".docwitness" / "report.json"
    if not _RUN:
        project.docwitness("run")
        _RUN.append(kept.read_text(encoding="utf-8"))
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(_RUN[0], encoding="utf-8")
    return project


def test_each_row_has_its_samples_and_gaps_are_told_with_their_place(ran: Any) -> None:
    ended = ran.docwitness("coverage")
    assert ended.status == 0
    lines = [line.split() for line in ended.out.splitlines()]
    assert lines[:2] == [["Parameters", "of", "POST", "/api/v2/write", "shell", "python"], ["bucket", "curl", "python"]]
    assert ["precision", "GAP", "python"] in lines
    assert ended.err == "docs/page.md:20: no shell sample sends 'precision'\ndocwitness: witnessed: 5 of 6, 83 %\n"


@pytest.mark.parametrize(("floor", "status"), [(83, 0), (84, 1)])
def test_a_floor_decides(ran: Any, floor: int, status: int) -> None:
    _configured(ran, f"[coverage]\nfloor = {floor}\n")
    ended = ran.docwitness("coverage")
    assert ended.status == status
    assert ("the configuration demands" in ended.err) is bool(status)


def test_what_cannot_be_is_shown_with_its_reason(ran: Any) -> None:
    _configured(ran, '[coverage]\nfloor = 100\n[coverage.cannot.shell]\nprecision = "for a test"\n')
    ended = ran.docwitness("coverage", "--format", "markdown")
    assert ended.status == 0
    assert "| `precision` | cannot (1) | `python` |" in ended.out
    assert ended.out.endswith("1. for a test\n")


def test_what_is_done_though_it_cannot_be_fails(ran: Any) -> None:
    _configured(ran, '[coverage.cannot.python]\nprecision = "for a test"\n')
    ended = ran.docwitness("coverage")
    assert ended.status == 1
    assert "python is said to be unable to (for a test), but 'python' (docs/page.md:8) does" in ended.err


def test_an_exclusion_of_nothing_is_wrong_configuration(ran: Any) -> None:
    _configured(ran, '[coverage.cannot.shell]\nprecison = "for a test"\n')
    ended = ran.docwitness("coverage")
    assert ended.status == 4
    assert "docwitness.toml:7: no table has the row 'precison'" in ended.err


def test_json_goes_to_a_file(ran: Any) -> None:
    ended = ran.docwitness("coverage", "--format", "json", "--output", "coverage.json")
    document = json.loads((ran.folder / "coverage.json").read_text())
    assert (ended.status, ended.out) == (0, "")
    assert (document["languages"], document["wanted"], document["witnessed"]) == (["shell", "python"], 6, 5)
    assert document["rows"][1] == {
        "kind": "parameter",
        "of": "POST /api/v2/write",
        "row": "precision",
        "page": "docs/page.md",
        "line": 20,
        "languages": {"shell": {"samples": []}, "python": {"samples": [{"id": "python", "on_purpose": True}]}},
    }


@pytest.mark.parametrize("page", [PAGE.replace("21.5", "21.6"), PAGE + "\n```sh\ntrue\n```\n"])
def test_a_report_of_other_pages_is_not_taken(ran: Any, page: str) -> None:
    ran.page(page)
    ended = ran.docwitness("coverage")
    assert ended.status == 4
    assert "`docwitness run` makes a new one" in ended.err


def test_a_refuted_sample_witnesses_nothing(project: Any) -> None:
    project.page(PAGE.replace("id=python", "id=python expect=400"))
    project.docwitness("run")
    assert "witnessed: 2 of 6" in project.docwitness("coverage").err


def test_without_tables_there_is_nothing_to_cover(project: Any) -> None:
    project.page(CURL)
    project.docwitness("run")
    assert project.docwitness("coverage").status == 5
