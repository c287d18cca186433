"""HTTP itself: framing, early answers, clients that break off, stall, or come in crowds."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from docwitness.server.connection import ConnectionLimits, LingeringTransport
from docwitness.server.point import Point


def test_pipelined_requests_are_answered_in_order(server: Any) -> None:
    wire = server.wire()
    good, bad = (server.write_head(f"Content-Length: {len(body)}") + body for body in (b"m f=1 1", b"bad"))
    wire.send(good + bad + good)
    assert [wire.answer().status for _ in range(3)] == [204, 400, 204]


def test_continue_comes_when_the_body_is_wanted(server: Any) -> None:
    wire = server.wire()
    wire.send(server.write_head("Content-Length: 7", "Expect: 100-continue"))
    assert wire.answer().status == 100
    wire.send(b"m f=1 1")
    assert wire.answer().status == 204


@pytest.mark.parametrize(("token", "encoding", "status"), [("wrong", "gzip", 403), (None, "deflate", 415)])
def test_no_continue_before_an_early_answer(server: Any, token: str | None, encoding: str, status: int) -> None:
    wire = server.wire()
    wire.send(server.write_head("Content-Length: 7", "Expect: 100-continue", f"Content-Encoding: {encoding}", token=token))
    answer = wire.answer()
    assert (answer.status, answer.headers["connection"]) == (status, "close")
    assert wire.ended()


def test_an_early_answer_to_a_short_body_keeps_the_connection(server: Any) -> None:
    wire = server.wire()
    wire.send(server.write_head("Content-Length: 7", token="wrong") + b"m f")
    assert wire.answer().status == 403
    wire.send(b"=1 1" + server.write_head("Content-Length: 7") + b"m f=1 1")
    assert wire.answer().status == 204


def test_an_early_answer_to_a_long_body_reaches_a_client_that_sends_it_all_first(server: Any) -> None:
    wire = server.wire()
    wire.send(server.write_head("Content-Length: 5000000", token="wrong") + b"x" * 5_000_000)
    answer = wire.answer()
    assert (answer.status, answer.headers["connection"]) == (403, "close")
    assert wire.ended()


def test_a_half_closed_client_still_reads_its_answer(server: Any) -> None:
    wire = server.wire()
    wire.send(server.write_head("Content-Length: 7") + b"m f=1 1")
    wire.end()
    assert wire.answer().status == 204
    assert wire.ended()


def test_a_client_that_ends_its_side_while_the_server_works_is_answered_and_then_let_go(server: Any) -> None:
    """The body is large enough for a thread, and small enough that the end is read meanwhile."""
    wire = server.wire()
    body = "\n".join(f"m f={i}i {i}" for i in range(3_000)).encode()
    wire.send(server.write_head(f"Content-Length: {len(body)}") + body)
    wire.end()
    assert wire.answer().status == 204
    assert wire.ended()


def test_a_body_that_breaks_off_is_answered_and_not_stored(server: Any) -> None:
    wire = server.wire()
    wire.send(server.write_head("Content-Length: 100") + b"m f=1 1\n")
    wire.end()
    answer = wire.answer()
    assert (answer.status, answer.json) == (400, {"code": "invalid", "message": "client disconnected"})
    assert wire.ended()
    assert server.rows() == []


def test_broken_chunks_are_answered_and_not_stored(server: Any) -> None:
    wire = server.wire()
    wire.send(server.write_head("Transfer-Encoding: chunked") + b"8\r\nm f=1 1\n\r\nnot a size\r\n")
    assert wire.answer().message == "client disconnected"
    assert server.rows() == []


def test_broken_chunks_after_an_early_answer_end_the_connection(server: Any) -> None:
    wire = server.wire()
    wire.send(server.write_head("Transfer-Encoding: chunked", token="wrong"))
    assert wire.answer().status == 403
    wire.send(b"not a size\r\n")
    assert wire.ended()


def test_a_client_that_is_gone_leaves_the_server_well(server: Any) -> None:
    wire = server.wire()
    wire.send(server.write_head("Content-Length: 100") + b"m f=1 1\n")
    wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    wire.socket.close()
    assert server.write("n f=1 1").status == 204
    assert [row["table"] for row in server.rows()] == ["n"]


@pytest.mark.parametrize(
    "text", [b"nonsense\r\n\r\n", b"GET / HTTP/9\r\n\r\n", b"GET / HTTP/1.1\r\nBad header\r\n\r\n", b"\0\0\r\n\r\n"]
)
def test_a_head_that_is_none_gets_an_empty_answer(server: Any, text: bytes) -> None:
    wire = server.wire()
    wire.send(text)
    answer = wire.answer()
    assert (answer.status, answer.headers["content-length"]) == (400, "0")
    assert wire.ended()


def test_a_head_without_end_is_refused(server: Any) -> None:
    wire = server.wire()
    wire.send(b"GET /health HTTP/1.1\r\nX: " + b"x" * 200_000)
    assert wire.answer().status == 431
    assert wire.ended()


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /" + b"x" * 65_533 + b" HTTP/1.1\r\n", 404),
        (b"GET /" + b"x" * 65_534 + b" HTTP/1.1\r\n", 414),
        (b"GET /nope?" + b"x" * 65_529 + b" HTTP/1.1\r\n", 414),
        (b"GET /health HTTP/1.1\r\n" + b"X: 1\r\n" * 99, 200),
        (b"GET /health HTTP/1.1\r\n" + b"X: 1\r\n" * 100, 431),
        (b"GET /health HTTP/1.2\r\n", 400),
        (b'POST /api/v2/write?bucket="x" HTTP/1.1\r\n', 400),
        (b"GET /<x> HTTP/1.1\r\n", 400),
        (b"GET /{x}|\\ HTTP/1.1\r\n", 404),
    ],
)
def test_heads_that_the_original_router_refuses(server: Any, head: bytes, status: int) -> None:
    """By an empty answer, and the end of the connection."""
    wire = server.wire()
    wire.send(head + b"Host: x\r\n\r\n")
    answer = wire.answer()
    assert answer.status == status
    if status in {400, 414, 431}:
        assert (answer.body, answer.headers["content-length"]) == (b"", "0")
        assert wire.ended()


def test_status_lines_are_those_of_the_original_router(server: Any) -> None:
    """Not those of the version of Python, which clients would log."""
    wire = server.wire()
    wire.send(b"GET /" + b"x" * 65_534 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert wire.socket.recv(26, socket.MSG_WAITALL) == b"HTTP/1.1 414 URI Too Long\r"


def test_a_head_must_come_in_time(start: Callable[..., Any]) -> None:
    """Even when bytes keep coming."""
    server = start(connections=ConnectionLimits(head_s=0.2))
    wire = server.wire()
    wire.send(b"GET /health HTTP/1.1\r\n")
    assert wire.ended()


def test_an_idle_connection_ends(start: Callable[..., Any]) -> None:
    server = start(connections=ConnectionLimits(idle_s=1))
    assert server.wire().ended()


def test_a_body_must_come_in_time(start: Callable[..., Any]) -> None:
    server = start(body_s=0.2)
    wire = server.wire()
    wire.send(server.write_head("Content-Length: 100") + b"m f=1 1\n")
    assert wire.answer().message == "client disconnected"


def test_the_rest_of_a_body_must_come_in_time_after_an_early_answer(start: Callable[..., Any]) -> None:
    server = start(connections=ConnectionLimits(head_s=0.2, linger_s=0.2))
    wire = server.wire()
    wire.send(server.write_head("Content-Length: 100", token="wrong"))
    assert wire.answer().status == 403
    assert wire.ended()


@pytest.mark.anyio
async def test_a_client_that_resets_in_the_moment_of_an_early_answer_is_let_go() -> None:
    loop = asyncio.get_running_loop()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        transport, _ = await loop.create_connection(asyncio.Protocol, *listener.getsockname())
        client, _ = listener.accept()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
        lingering = LingeringTransport(transport, lambda: True, linger_s=60)
        lingering.close()
    assert transport.is_closing()
    assert lingering.lingering is None


def test_a_client_that_reads_nothing_is_cut_off(start: Callable[..., Any]) -> None:
    """It asks for points without end and reads none of them."""
    server = start(connections=ConnectionLimits(stalled_s=0.3))
    server.write("\n".join(f"m f={i}i {i}" for i in range(20_000)))
    wire = server.wire()
    wire.send(b"GET /admin/databases/sensors/points HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 50)
    with pytest.raises(OSError, match=r"reset|pipe"):
        send_for_ever(wire, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n" * 1000)
    assert server.ask("GET", "/health").status == 200


def test_an_answer_is_not_made_to_its_end_for_a_client_that_is_gone(
    start: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start(connections=ConnectionLimits(stalled_s=0.3))
    for first in (0, 9000):
        lines = "\n".join(f'm f="{"x" * 1000}" {number}' for number in range(first, first + 9000))
        assert server.write(lines).status == 204
    points, taken = server.databases.points, []

    def counted(database: str, table: str | None, given_up: Callable[[], bool]) -> Iterator[Point]:
        for point in points(database, table, given_up):
            taken.append(point.time_ns)
            yield point

    monkeypatch.setattr(server.databases, "points", counted)
    server.wire().send(b"GET /admin/databases/sensors/points HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    finished = b'route="/admin/databases/{name}/points",status="200"'
    end = time.monotonic() + 20
    while finished not in server.ask("GET", "/metrics").body and time.monotonic() < end:
        time.sleep(0.05)
    assert 0 < len(taken) < 18_000


def test_a_client_that_leaves_while_points_are_read_is_no_fault(
    server: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    server.write("\n".join(f"m f={number} {number}" for number in range(20_000)))
    wire, points = server.wire(), server.databases.points

    def watched(database: str, table: str | None, given_up: Callable[[], bool]) -> Iterator[Point]:
        found = points(database, table, given_up)
        for number, point in enumerate(found):
            if number == 5_000:
                wire.socket.close()
                wait_for(given_up)
                for _ in found:  # gives up in the midst of it
                    pass
            yield point

    monkeypatch.setattr(server.databases, "points", watched)
    wire.send(b"GET /admin/databases/sensors/points HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    finished = b'route="/admin/databases/{name}/points",status="200"'
    wait_for(lambda: finished in server.ask("GET", "/metrics").body)
    assert caplog.text == ""


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def send_for_ever(wire: Any, data: bytes) -> None:
    while True:
        wire.send(data)


def test_a_connection_too_many_is_told_so(start: Callable[..., Any]) -> None:
    server = start(connections=ConnectionLimits(connections=3))
    kept = [server.wire() for _ in range(3)]
    for wire in kept:
        wire.send(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert wire.answer().status == 200
    extra = server.wire()
    assert extra.answer().json["code"] == "unavailable"
    assert extra.ended()


def test_an_upgrade_is_ignored(server: Any) -> None:
    answer = server.ask("GET", "/health", "Connection: Upgrade", "Upgrade: websocket")
    assert (answer.status, answer.body) == (200, b"OK")


def test_http_1_0_is_answered_and_closed(server: Any) -> None:
    wire = server.wire()
    wire.send(b"GET /health HTTP/1.0\r\n\r\n")
    assert wire.answer().body == b"OK"
    assert wire.ended()
