"""`docwitness show` as users start it, after a run."""

from __future__ import annotations

from typing import Any

import pytest

PAGE = """<!-- docwitness: id=write-seconds -->
```sh
curl --silent "https://cluster-id.influxdb.io/api/v2/write?bucket=DATABASE_NAME&precision=s" \\
  --header "Authorization: Bearer DATABASE_TOKEN" --data-binary 'home temp=21.5 1735545600'
```

<!-- docwitness: parameters of="POST /api/v2/write" base=write-seconds -->

| Parameter | Allowed in | Required | Honored |
|---|---|---|---|
| `bucket` | Query string | Required | Honored |
| `precision` | Query string | Optional | Ignored |
| `Authorization` | Header | Required | Honored |

<!-- docwitness: id=broken -->
```sh
exit 3
```
"""

_RUN: list[str] = []
"""The report of that page."""


@pytest.fixture
def ran(project: Any) -> Any:
    """A project whose last run is done; one run serves all tests."""
    project.page(PAGE)
    kept = project.folder / ".docwitness" / "report.json"
    if not _RUN:
        assert project.docwitness("run").status == 1
        _RUN.append(kept.read_text(encoding="utf-8"))
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(_RUN[0], encoding="utf-8")
    return project


def test_a_sample_is_shown_with_its_text_its_exchange_and_what_is_stored(ran: Any) -> None:
    ended = ran.docwitness("show", "write-seconds")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("proven write-seconds (sample)\n  docs/page.md:2\n")
    for words in ("   3 curl --silent", "> POST /api/v2/write?bucket=dw", "< HTTP/1.1 204", "home temp=21.5 1735545600000000000"):
        assert words in ended.out


def test_a_claim_is_shown_with_its_row_and_the_exchanges_that_decide(ran: Any) -> None:
    out = ran.docwitness("show", "POST /api/v2/write:precision:honored").out
    assert out.startswith("refuted POST /api/v2/write:precision:honored (parameter) [honored-differs]\n  docs/page.md:12\n")
    assert "row: precision | Query string | Optional | Ignored\n  says: Ignored\n  reason: said to be ignored" in out
    assert "evidence 1 of 2: as it is" in out
    assert "evidence 2 of 2: precision left out" in out


def test_a_part_that_fits_one_id_is_enough(ran: Any) -> None:
    assert ran.docwitness("show", "bucket:required").out.startswith("proven POST /api/v2/write:bucket:required")


def test_a_place_shows_all_that_stands_there(ran: Any) -> None:
    out = ran.docwitness("show", "docs/page.md:11").out
    assert [line.split(":")[-1] for line in out.splitlines() if line.startswith("proven")] == [
        "in query string (parameter)",
        "required (parameter)",
        "honored (parameter)",
    ]


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("write-secnods", "no claim 'write-secnods'; did you mean:\n  write-seconds  (docs/page.md:2, proven)"),
        ("precision", "3 claims have 'precision' in their ids:\n  POST /api/v2/write:precision:in query string"),
        ("zzz", "the report has no claim 'zzz'\n"),
    ],
)
def test_an_unknown_or_unclear_word_is_wrong_usage(ran: Any, word: str, told: str) -> None:
    ended = ran.docwitness("show", word)
    assert (ended.status, ended.out) == (4, "")
    assert told in ended.err


def test_another_report_can_be_named(ran: Any) -> None:
    (ran.folder / ".docwitness" / "report.json").rename(ran.folder / "report.json")
    ended = ran.docwitness("show", "broken", "--json", "report.json")
    assert ended.out.startswith("refuted broken (sample) [exit-status]")
    assert "exit status 3" in ended.out


def test_without_a_run_there_is_nothing_to_show(project: Any) -> None:
    ended = project.docwitness("show", "x")
    assert ended.status == 4
    assert "`docwitness run` leaves one here" in ended.err


def test_a_file_that_is_no_report_is_told(project: Any) -> None:
    (project.folder / "other.json").write_text('{"format": 1}')
    ended = project.docwitness("show", "x", "--json", "other.json")
    assert ended.status == 4
    assert "other.json: the report cannot be read" in ended.err


def test_a_run_without_a_result_leaves_a_report_too(project: Any) -> None:
    project.page("# nothing\n")
    project.docwitness("run")
    assert (project.folder / ".docwitness" / "report.json").exists()
    assert "no claim" in project.docwitness("show", "x").err
