from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.checks.conftest import NOW_NS, OK, Bench

from docwitness.change import AS_IT_IS
from docwitness.checks.wire import complaint, difference, made_request, told, wire, worked
from docwitness.evidence import Evidence
from docwitness.exchange import Exchange, RefusedHost
from docwitness.execution import Completed, Execution, Replayed, Skipped, TimedOut
from docwitness.observation import Observation


def observed(*exchanges: Exchange, execution: Execution = OK, refused: tuple[str, ...] = (), **rest: Any) -> Observation:
    hosts = tuple(RefusedHost(host=host) for host in refused)
    evidence = Evidence(execution=execution, exchanges=exchanges, refused=hosts, ended_ns=NOW_NS, **rest)
    return Observation(variation=AS_IT_IS, evidence=evidence, database="dw1")


def failed(stderr: str) -> Completed:
    return Completed(exit_status=1, stdout="", stderr=stderr, duration_s=0.0)


def test_runs_in_two_scopes_are_the_same(bench: Bench) -> None:
    def run(database: str, port: int, ago: int) -> Observation:
        headers = (("Host", f"127.0.0.1:{port}"), ("Content-Length", str(port)), ("X", "1"))
        target = f"/api/v2/write?bucket={database}"
        exchange = bench.exchange(f"a f=1 {NOW_NS - ago}\nb f=1", target=target, headers=headers)
        stored = bench.points(f"a f=1 {NOW_NS - ago}\nb f=1 {NOW_NS}")
        return replace(observed(exchange, effect=stored), database=database)

    assert wire(run("dw1", 1000, 5)) == wire(run("dw22", 2000, 77))


def test_what_is_sent_at_the_same_time_has_no_order(bench: Bench) -> None:
    first, second = bench.exchange("a f=1\nb f=1"), bench.exchange("c f=1", status=400)
    swapped = bench.exchange("b f=1\na f=1")
    assert difference(observed(first, second), observed(second, swapped)) == ""


def test_a_time_in_any_unit_is_one_of_the_run_when_it_is_near(bench: Bench) -> None:
    bodies = (f"a f=1 {NOW_NS // 10**9}", f"a f=1 {NOW_NS // 10**6}", "a f=1 now")
    assert len({wire(observed(bench.exchange(body))) for body in bodies}) == 1
    assert wire(observed(bench.exchange("a f=1 1735545600"))) != wire(observed(bench.exchange("a f=1 1735545601")))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"target": "/api/v2/write?bucket=c"}, "/api/v2/write?bucket=b becomes /api/v2/write?bucket=c"),
        ({"headers": (("X", "1"),)}, "authorization: Bearer [token] becomes x: 1"),
        ({"body": "a f=2"}, "a f=1 becomes a f=2"),
        ({"status": 400}, "status 204 becomes 400"),
        ({"status": None}, "status 204 becomes none"),
    ],
)
def test_a_difference_is_said(bench: Bench, change: dict[str, Any], words: str) -> None:
    other: dict[str, Any] = {"body": "a f=1"} | change
    assert difference(observed(bench.exchange("a f=1")), observed(bench.exchange(**other))) == words


def test_differences_beside_the_requests_are_said(bench: Bench) -> None:
    one = bench.exchange("a f=1")
    moved = replace(one, client="127.0.0.2")
    assert difference(observed(one), observed(moved)).endswith("becomes 127.0.0.2")
    assert difference(observed(one), observed(one, one)) == "1 request become 2 requests"
    assert difference(observed(one), observed(one, refused=("x:80",))) == "other hosts are asked for"
    assert difference(observed(one), observed(one, effect=())) == "other points are stored"
    assert difference(observed(one), observed(one, execution=failed("Boom: no\n"))) == "it fails: Boom: no"
    assert difference(observed(one, execution=failed("")), observed(one)) == "it succeeds"


def test_a_run_is_accepted_by_the_tool_when_a_request_is_tried(bench: Bench) -> None:
    batch = failed('T! [outputs.influxdb_v2] Sending batch: metrics=3, size=9 bytes, bucket="b", timeout=5s\n')
    assert made_request(observed(bench.exchange("a f=1", status=401)))
    assert made_request(observed(refused=("localhost:8086",)))
    assert made_request(observed(execution=batch))
    assert not made_request(observed(execution=failed("TypeError: no such argument")))


def test_a_run_works_when_every_request_is_accepted(bench: Bench) -> None:
    accepted, rejected = bench.exchange("a f=1"), bench.exchange("a f=1", status=400)
    assert worked(observed(accepted, accepted))
    assert not worked(observed(accepted, rejected))
    assert not worked(observed())


def test_tools_tell_what_they_work_with() -> None:
    trace = 'T! Sending batch: metrics=3, bucket="b", timeout=5s\n'
    held = "docwitness: timeout=10000\ndocwitness: timeout=20000\ndocwitness: timeouts=1\n"
    assert told(observed(execution=failed(trace)), "timeout") == {"5s"}
    assert told(observed(execution=failed(trace)), "metrics") == {"3"}
    assert told(observed(execution=failed(held)), "timeout") == {"10000", "20000"}
    assert told(observed(execution=Skipped(reason="x")), "timeout") == frozenset()


@pytest.mark.parametrize(
    ("execution", "words"),
    [
        (Skipped(reason="a = is not TOML"), "a = is not TOML"),
        (TimedOut(limit_s=3.0, stdout="", stderr=""), "no request within 3 s"),
        (failed("Traceback\nTypeError: no\ndocwitness: a=1\n"), "TypeError: no"),
        (replace(failed("E! no\n"), complaint="no such option"), "no such option"),
        (OK, "no request"),
        (Replayed(), "no request"),
    ],
)
def test_a_tool_says_why_it_makes_no_request(execution: Execution, words: str) -> None:
    assert complaint(observed(execution=execution)) == words
