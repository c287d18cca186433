from __future__ import annotations

import json
from typing import Any

PAGE = """<!-- docwitness: id=write session=s -->
```sh
true
```

<!-- docwitness: id=later skip="needs a cluster" -->
```python
pass
```

```text
words
```
"""


def test_what_would_run_and_what_would_not(project: Any) -> None:
    project.page(PAGE)
    ended = project.docwitness("list")
    assert ended.status == 0
    assert "docs/page.md:2  shell     write  (session: s)\n" in ended.out
    assert "docs/page.md:7  python    later  (skip: needs a cluster)\n" in ended.out
    assert "docs/page.md:11  not collected: " in ended.out
    assert "samples: 2, not collected: 1, defects: 0\n" in ended.out


def test_listing_runs_no_sample(project: Any) -> None:
    mark = project.folder / "ran"
    project.page(f"```sh\ntouch {mark}\n```\n")
    project.docwitness("list")
    assert not mark.exists()


def test_json_can_go_to_standard_output_alone(project: Any) -> None:
    project.page(PAGE)
    ended = project.docwitness("list", "--json", "-")
    assert [sample["id"] for sample in json.loads(ended.out)["samples"]] == ["write", "later"]
    assert "samples: 2, not collected: 1" in ended.err


def test_the_same_as_json(project: Any) -> None:
    project.page(PAGE)
    project.docwitness("list", "--json", "list.json", "--lang", "shell")
    document = json.loads((project.folder / "list.json").read_text())
    (sample,) = document["samples"]
    assert (sample["id"], sample["page"], sample["line"], sample["session"]) == ("write", "docs/page.md", 2, "s")
    assert [block["line"] for block in document["uncollected"]] == [11]


def test_defects_are_listed_where_they_are(project: Any) -> None:
    project.page("```sh\ntrue\n```\n\n```json\n{,}\n```\n")
    assert "docs/page.md:6  defect: " in project.docwitness("list").out


def test_a_project_without_samples_has_the_status_for_that(project: Any) -> None:
    project.page("# Words\n")
    assert project.docwitness("list").status == 5
