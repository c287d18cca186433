"""What is worked on at once is bounded."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Callable
from typing import Any

import pytest

from docwitness.server.admission import Admission, Readings
from docwitness.server.errors import ApiError

BUSY = {"code": "unavailable", "message": "this service is overloaded, please try again later"}


def test_a_place_is_given_back() -> None:
    admission = Admission(requests_at_once=1, bytes_at_once=10)
    for _ in range(3):
        with admission.one() as hold:
            hold.grow(10)
    assert (admission.requests, admission.held) == (0, 0)


def test_bytes_of_all_requests_count_together() -> None:
    admission = Admission(requests_at_once=2, bytes_at_once=10)
    with admission.one() as first, admission.one() as second:
        first.grow(6)
        with pytest.raises(ApiError, match="overloaded"):
            second.grow(5)
        second.grow(4)
    assert admission.held == 0


@pytest.mark.anyio
async def test_readings_wait_for_their_turn_and_too_many_are_told_to_come_back() -> None:
    readings = Readings(at_once=1, waiting=2)
    order: list[str] = []

    async def read(name: str) -> None:
        async with readings.one():
            order.append(name)

    async with asyncio.TaskGroup() as group:
        async with readings.one():
            group.create_task(read("second"))
            await asyncio.sleep(0)
            with pytest.raises(ApiError, match="overloaded"):
                await read("third")
            order.append("first")
        group.create_task(read("fourth"))
    assert order == ["first", "second", "fourth"]
    assert readings.begun == 0


def test_a_reading_keeps_its_place_until_it_is_sent(start: Callable[..., Any]) -> None:
    """Nine clients that read nothing: the ninth waits, and others write."""
    server = start()
    assert server.write("\n".join(f'm f="{"x" * 1000}" {number}' for number in range(9000))).status == 204
    wires = [server.wire() for _ in range(9)]
    for wire in wires:
        wire.send(b"GET /admin/databases/sensors/points HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert server.write("n f=1 1").status == 204
    wires[-1].socket.settimeout(1)
    with pytest.raises(TimeoutError):
        wires[-1].answer()
    wires[0].socket.close()
    wires[-1].socket.settimeout(20)
    assert wires[-1].answer().status == 200


def test_a_request_too_many_is_told_to_come_back_whatever_it_asks(start: Callable[..., Any]) -> None:
    """All places are taken by uploads that wait for the rest of their bodies."""
    server = start(requests_at_once=2)
    wires = [server.wire() for _ in range(2)]
    for wire in wires:
        wire.send(server.write_head("Content-Length: 9", "Expect: 100-continue"))
        assert wire.answer().status == 100
    for method, target in (("POST", "/api/v2/write?bucket=sensors"), ("GET", "/nope"), ("GET", "/ping")):
        answer = server.ask(method, target)
        assert (answer.status, answer.json) == (503, BUSY)
        assert "retry-after" not in answer.headers
    assert server.ask("GET", "/health").status == 200
    assert b"docwitness_http_requests_in_flight 2" in server.ask("GET", "/metrics").body
    for wire in wires:
        wire.send(b"m f=1 1\n\n")
        assert wire.answer().status == 204
    assert server.write("m f=1 1").status == 204


def test_bodies_that_would_not_fit_into_memory_together_are_told_to_come_back(start: Callable[..., Any]) -> None:
    server = start(bytes_at_once=100_000, max_body=50_000)
    waiting = server.wire()
    more = server.wire()
    for wire in (waiting, more):
        wire.send(server.write_head("Content-Length: 45000") + b"#" * 40_000)
    while b"docwitness_http_body_bytes_in_flight 80000" not in server.ask("GET", "/metrics").body:
        time.sleep(0.01)
    answer = server.write(b"#" * 30_000)
    assert (answer.status, answer.json) == (503, BUSY)
    for wire in (waiting, more):
        wire.send(b"#" * 5_000)
        assert wire.answer().status == 204
    assert server.write(b"#" * 30_000).status == 204


def test_inflated_bodies_count_as_well(start: Callable[..., Any]) -> None:
    server = start(bytes_at_once=100_000, max_body=50_000)
    waiting = server.wire()
    waiting.send(server.write_head("Content-Length: 50000") + b"#" * 49_000)
    more = server.wire()
    more.send(server.write_head("Content-Length: 20000") + b"#" * 10_000)
    while b"docwitness_http_body_bytes_in_flight 59000" not in server.ask("GET", "/metrics").body:
        time.sleep(0.01)
    packed = [gzip.compress(b"#" * size) for size in (50_000, 40_000)]
    assert [server.write(body, "Content-Encoding: gzip").status for body in packed] == [503, 204]


def test_one_of_the_largest_bodies_always_fits(start: Callable[..., Any]) -> None:
    server = start(bytes_at_once=1, max_body=50_000)
    assert server.write(gzip.compress(b"#" * 50_000), "Content-Encoding: gzip").status == 204
