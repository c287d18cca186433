from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest

from docwitness.exchange import Request
from docwitness.targets import decoding
from docwitness.targets.decoding import Message, decode_request, decode_response
from docwitness.targets.framing import Body, Budget, parse_head

LINES = b"home temp=1\n" * 9


def message(start: str, body: bytes, *headers: str) -> Message:
    kept = Body(Budget(2**20))
    kept.take(body)
    return Message(parse_head("\r\n".join([start, *headers, "", ""]).encode()), kept)


def decoded(body: bytes, coding: str) -> Request:
    return decode_request(message("POST /write HTTP/1.1", body, f"Content-Encoding: {coding}"))


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gzip.compress(LINES), "gzip"),
        (gzip.compress(LINES[:12]) + gzip.compress(LINES[12:]), "X-GZIP"),
        (zlib.compress(LINES), "deflate"),
        (gzip.compress(zlib.compress(LINES)), "deflate, gzip"),
        (LINES, "identity"),
    ],
)
def test_content_codings_are_undone(body: bytes, coding: str) -> None:
    request = decoded(body, coding)
    assert (request.body, request.problem) == (LINES, "")


@pytest.mark.parametrize(
    ("body", "coding", "shown", "problem"),
    [
        (LINES, "gzip", LINES, "not what its coding says"),
        (gzip.compress(LINES)[:-9], "gzip", LINES, "the compressed body is not complete"),
        (gzip.compress(LINES) + b"more", "gzip", LINES, "bytes after the compressed body"),
        (LINES, "br", LINES, "content coding 'br' is not undone"),
    ],
)
def test_what_cannot_be_undone_is_said(body: bytes, coding: str, shown: bytes, problem: str) -> None:
    request = decoded(body, coding)
    assert request.body == shown
    assert problem in request.problem


def test_a_bomb_is_not_inflated_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "LARGEST_CONTENT", 1000)
    bomb = gzip.compress(b"0" * 10**7)
    tracemalloc.start()
    request = decoded(bomb, "gzip")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10**6
    assert len(request.body) == 1000
    assert request.problem == "inflates to more than 1000 bytes"


def test_a_response_is_read() -> None:
    response = decode_response(message("HTTP/1.1 400 Bad Request", b"{}", "content-type: application/json"))
    assert (response.status, response.reason, response.version, response.body) == (400, "Bad Request", "HTTP/1.1", b"{}")
    assert response.headers == (("content-type", "application/json"),)


@pytest.mark.parametrize(
    "start",
    [
        *("SSH-2.0-OpenSSH_9.2", "HTTP/1.1 two-hundred OK", "HTTP/1.1 99 Odd", "HTTP/1.1 1000 Odd", "HTTP/1.1 ２００ OK"),
        pytest.param(f"HTTP/1.1 {'9' * 5000} Odd", id="more digits than Python makes a number of"),
    ],
)
def test_what_is_no_response_has_status_0(start: str) -> None:
    response = decode_response(message(start, b"x"))
    assert (response.status, response.problem) == (0, "this is not an HTTP response")
    assert response.body == start.encode() + b"\r\n\r\nx"
