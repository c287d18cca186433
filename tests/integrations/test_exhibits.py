"""The files behind the marks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.integrations.conftest import SAMPLE, Site, report, row, sample

from docwitness.integrations.exhibits import clear, exhibits, name_of, write


def test_all_claims_of_a_row_share_one_exhibit() -> None:
    of = report(sample(SAMPLE), row("db | x"), row("db | x", aspect="honored"))
    found = dict(exhibits(of))
    assert len(found) == 2
    assert [claim["says"] for claim in found[name_of(of.verdicts[1])]["claims"]] == ["required", "honored"]


def test_evidence_that_several_claims_rest_on_is_told_once() -> None:
    ((_, document),) = exhibits(report(row("db | x"), row("db | x", aspect="honored")))
    assert len(document["runs"]) == 1


def test_an_exhibit_holds_request_response_and_points() -> None:
    ((_, document),) = exhibits(report(sample(SAMPLE)))
    assert document["runs"] == [
        {
            "exchanges": [
                {
                    "request": "POST /write?db=x HTTP/1.1\nAuthorization: Bearer [token]\n\nhome t=1",
                    "response": "HTTP/1.1 204 No Content",
                }
            ],
            "stored": ["home t=1.0 5"],
            "points": 1,
        }
    ]


def test_an_exhibit_tells_an_unreachable_target_from_a_connection_that_ended() -> None:
    of = report(sample(SAMPLE))
    (exchange,) = of.evidence["e1"].exchanges
    ended, nobody = replace(exchange, response=None), replace(exchange, response=None, unreachable="connection refused")
    changed = replace(of, evidence={"e1": replace(of.evidence["e1"], exchanges=(ended, nobody))})
    ((_, document),) = exhibits(changed)
    assert [one["response"] for one in document["runs"][0]["exchanges"]] == [
        "the connection ended without a response",
        "no connection to the target: connection refused",
    ]


def test_the_mark_opens_the_exhibit_that_is_written(site: Site, tmp_path: Path) -> None:
    of = report(sample(SAMPLE))
    site.keep(of)
    write(of, tmp_path / "evidence")
    (file,) = (tmp_path / "evidence").iterdir()
    assert f'data-docwitness-exhibit="{file.stem}"' in site.html("```{ .sh #write }", SAMPLE, "```")


def test_exhibits_of_an_earlier_run_go(tmp_path: Path) -> None:
    write(report(sample(SAMPLE), row("db | x")), tmp_path / "evidence")
    assert write(report(sample(SAMPLE)), tmp_path / "evidence") == 1
    assert len(list((tmp_path / "evidence").iterdir())) == 1
    clear(tmp_path / "evidence")
    assert not list((tmp_path / "evidence").iterdir())


def test_claims_without_evidence_have_no_exhibit(site: Site) -> None:
    of = report(sample(SAMPLE, evidence=()))
    site.keep(of)
    assert list(exhibits(of)) == []
    assert "data-docwitness-exhibit" not in site.html("```{ .sh #write }", SAMPLE, "```")


def test_bodies_that_are_long_are_cut() -> None:
    of = report(sample(SAMPLE))
    exchange = of.evidence["e1"].exchanges[0]
    long = replace(exchange, request=replace(exchange.request, body=b"x" * 5000))
    ((_, document),) = exhibits(replace(of, evidence={"e1": replace(of.evidence["e1"], exchanges=(long,) * 8)}))
    (run,) = document["runs"]
    assert run["exchanges"][0]["request"].endswith("x… (904 characters more)")
    assert (len(run["exchanges"]), run["left_out"]) == (6, 2)
