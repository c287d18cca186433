from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docwitness.targets.framing import LARGEST_HEAD, Body, Budget, ChunkedBody, CountedBody, Splitter, body_of, parse_head


class Messages:
    """Notes what a splitter finds, by the rules for requests."""

    def __init__(self, *, budget: int = 2**20) -> None:
        self.budget = Budget(budget)
        self.heads: list[bytes] = []
        self.bodies: list[Body] = []
        self.complete = 0
        self.passed = b""

    def on_head(self, raw: bytes) -> Body:
        self.heads.append(raw)
        self.passed += raw
        self.bodies.append(body_of(parse_head(raw), self.budget, without_length=CountedBody(self.budget, 0)))
        return self.bodies[-1]

    def on_body(self, data: bytes) -> None:
        self.passed += data

    def on_end(self) -> None:
        self.complete += 1

    def on_opaque(self) -> Body:
        self.bodies.append(Body(self.budget))
        return self.bodies[-1]


def split(*pieces: bytes, **options: Any) -> Messages:
    messages = Messages(**options)
    splitter = Splitter(messages)
    for piece in pieces:
        splitter.feed(piece)
    splitter.flush()
    return messages


PIPELINE = (
    b"POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nm f=1"
    b"\r\nPOST /b HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3;x=y\r\nabc\r\n0A\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n"
    b"GET /c HTTP/1.1\n\n"
)


@given(st.lists(st.integers(0, len(PIPELINE)), max_size=12).map(sorted))
def test_messages_are_the_same_however_the_stream_is_cut(cuts: list[int]) -> None:
    """Three pipelined requests: of known length, chunked with an extension and a trailer, and with bare line feeds."""
    messages = split(*(PIPELINE[a:b] for a, b in zip([0, *cuts], [*cuts, len(PIPELINE)], strict=True)))
    assert [body.content for body in messages.bodies] == [b"m f=1", b"abc0123456789", b""]
    assert messages.complete == 3
    assert messages.heads[2] == b"GET /c HTTP/1.1\n\n"
    assert messages.passed == PIPELINE


@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=4).map(sorted))
def test_no_byte_is_lost_whatever_comes(data: bytes, cuts: list[int]) -> None:
    stream = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + data
    messages = split(*(stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)))
    assert messages.passed == stream


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (b"Content-Length: 5", CountedBody),
        (b"content-length: 5\r\nContent-Length: 5", CountedBody),
        (b"Content-Length: 5\r\nContent-Length: 6", Body),
        (b"Content-Length: five", Body),
        (b"Content-Length: \xb2", Body),
        (b"Transfer-Encoding: Chunked\r\nContent-Length: 5", ChunkedBody),
        (b"Transfer-Encoding: gzip", Body),
        (b"X: y", CountedBody),
    ],
)
def test_framing_headers_decide_on_the_body(headers: bytes, kind: type[Body]) -> None:
    budget = Budget(0)
    head = parse_head(b"POST / HTTP/1.1\r\n" + headers + b"\r\n\r\n")
    assert type(body_of(head, budget, without_length=CountedBody(budget, 0))) is kind


@pytest.mark.parametrize(
    ("stream", "problem"),
    [
        (b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc", "the body ended 6 bytes before its length"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", "the chunked body has no end"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nab", "not a chunk size: b'xyz\\r\\n'"),
        (
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
            "a chunk is longer than its size says: b'c\\r\\n'",
        ),
        (
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"0" * LARGEST_HEAD + b"1",
            "a line of the chunked coding does not end",
        ),
    ],
)
def test_what_is_wrong_with_a_body_is_said(stream: bytes, problem: str) -> None:
    assert split(stream).bodies[0].shortfall == problem


@pytest.mark.parametrize("stream", [b"\x16\x03\x01\x02\x00", b"GET / HTTP/1.1\r\nHost: x", b"X" * (LARGEST_HEAD + 1)])
def test_what_is_no_head_is_opaque(stream: bytes) -> None:
    """A TLS greeting, a head that the end of the stream cuts short, and a line without end."""
    messages = split(stream)
    assert messages.heads == []
    assert messages.bodies[0].content == messages.passed == stream


def test_a_head_without_end_is_not_waited_for() -> None:
    messages = Messages()
    Splitter(messages).feed(b"X" * (LARGEST_HEAD + 1))
    assert len(messages.passed) == LARGEST_HEAD + 1


def test_bodies_are_kept_up_to_the_budget() -> None:
    messages = split(b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n123456789", budget=4)
    assert messages.bodies[0].content == b"1234"
    assert messages.bodies[0].shortfall == "the record is full: 5 bytes of the body were not kept"
    assert messages.complete == 1


def test_a_head_is_read_leniently() -> None:
    head = parse_head(b"\r\npost /a b HTTP/1.1\r\nX-One:  1 \r\nx-one:2\r\nno colon\r\n\r\n")
    assert head.start == ("post", "/a", "b HTTP/1.1")
    assert head.values("x-one") == ["1", "2"]
    assert head.problem == "a header line without a colon: 'no colon'"
