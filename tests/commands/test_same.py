"""Tabs of one set, run for real."""

from __future__ import annotations

from typing import Any

import pytest

SHELL = """<!-- docwitness: id=curl same=write -->
```sh
curl --fail --silent --show-error "https://cluster-id.influxdb.io/api/v2/write?bucket=DATABASE_NAME&precision=s" \\
  --header "Authorization: Bearer DATABASE_TOKEN" --data-binary 'home temp=21.5 1735545600'
```
"""

PYTHON = """<!-- docwitness: id=python same=write -->
```python
from urllib.request import Request, urlopen

url = "https://cluster-id.influxdb.io/api/v2/write?bucket=DATABASE_NAME&precision=s"
urlopen(Request(url, b"home temp=21.5 1735545600", {"Authorization": "Bearer DATABASE_TOKEN"}))
```
"""


def test_tabs_that_do_the_same_are_proven(project: Any) -> None:
    project.page(SHELL + "\n" + PYTHON)
    assert project.run().status == 0


@pytest.mark.parametrize(("before", "after"), [("temp=21.5", "temp=21"), ("temp=21.5", "temp=22i"), ("1735545600", "1735545601")])
def test_a_tab_that_drifted_is_refuted_at_its_place(project: Any, before: str, after: str) -> None:
    project.page(SHELL + "\n" + PYTHON.replace(before, after))
    ended = project.run()
    claim = ended.claims["python"]
    assert (ended.status, claim["verdict"], claim["rule"], claim["line"]) == (1, "refuted", "same-differs", 8)
    assert "'curl' (docs/page.md:2)" in claim["reason"]
    assert ended.claims["curl"]["verdict"] == "proven"


def test_the_first_difference_ends_a_run_that_is_to_stop_there(project: Any) -> None:
    project.page(SHELL + "\n" + PYTHON.replace("21.5", "22.5"))
    ended = project.run("-x")
    assert (ended.status, ended.claims["python"]["rule"]) == (1, "same-differs")


def test_a_name_without_companions_is_a_defect_of_the_page(project: Any) -> None:
    project.page(SHELL)
    ended = project.run()
    assert [claim["rule"] for claim in ended.claims.values() if claim["kind"] == "page"] == ["bad-directive"]
    assert project.run("docs/page.md").status == 0
