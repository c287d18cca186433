"""The write endpoints, from outside."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import pytest

LINE = "home,room=kitchen temp=21.5,n=3i 1700000000000000000"


def test_a_write_is_stored_and_answered_with_nothing(server: Any) -> None:
    answer = server.write(LINE)
    assert answer.status == 204
    assert set(answer.headers) == {"date"}
    fields = {"n": {"int": 3}, "temp": {"float": 21.5}}
    assert server.rows() == [{"table": "home", "tags": {"room": "kitchen"}, "fields": fields, "time_ns": 1700000000000000000}]


def test_an_error_is_compact_json_with_code_message_and_line_in_this_order(server: Any) -> None:
    answer = server.write("m f=1 1\nm f=abc 1")
    text = "failed to parse line protocol: errors encountered on line(s):\\nerror parsing line 2 (1-based): No fields were provided"
    assert answer.status == 400
    assert answer.body.decode() == f'{{"code":"invalid","message":"{text}","line":2}}'
    assert answer.headers["content-type"] == "application/json"
    assert server.rows() == []


def test_a_message_that_quotes_a_long_line_is_cut(server: Any) -> None:
    answer = server.write(b"m" + b"\0" * 1_000_000)
    assert (answer.status, answer.json["line"]) == (400, 1)
    assert len(answer.message) == 65_537
    assert answer.message.endswith("\0…")


def test_checks_come_in_the_order_of_the_router(server: Any) -> None:
    """Each request has all later faults as well."""
    target = "/api/v2/write"
    bad = ["Authorization: Token nonsense", "Content-Encoding: deflate"]
    good = [f"Authorization: Token {server.token}", "Content-Encoding: deflate"]
    gzipped = [f"Authorization: Token {server.token}", "Content-Encoding: gzip"]
    found = [
        server.ask(*request, body=b"\xff").message
        for request in [
            ("POST", "/api/v2/writes?bucket=a.b&precision=x", *bad),
            ("POST", f"{target}?bucket=a.b&precision=x", *bad),
            ("POST", f"{target}?bucket=&precision=s", *bad),
            ("POST", f"{target}?bucket=a.b", *bad),
            ("POST", f"{target}?bucket=sensors", *bad),
            ("POST", f"{target}?bucket=sensors", *good),
            ("POST", f"{target}?bucket=sensors", *gzipped),
            ("POST", f"{target}?bucket=sensors", good[0]),
        ]
    ]
    words = [
        "not found",
        "failed to des",
        "missing bucket",
        "namespace name",
        "invalid token",
        "unacceptable",
        "error decoding",
        "body content",
    ]
    assert [message[: len(word)] for message, word in zip(found, words, strict=True)] == words


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("/api/v2/write", "no org/bucket destination provided"),
        ("/api/v2/write#?bucket=sensors", "no org/bucket destination provided"),
        ("/api/v2/write?", "missing bucket value"),
        ("/api/v2/write?#bucket=sensors", "missing bucket value"),
        ("/write", "no db destination provided"),
        ("/write?", "failed to deserialize db/rp/precision in request: missing field `db`"),
    ],
)
def test_a_question_mark_with_nothing_behind_it_is_a_query_string(server: Any, target: str, message: str) -> None:
    wire = server.wire()
    for asked, expected in ((target, message), ("/api/v2/write", "no org/bucket destination provided")):  # nothing of it stays
        wire.send(f"POST {asked} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
        assert wire.answer().message == expected


def test_an_empty_body_is_no_error(server: Any) -> None:
    assert server.write("").status == 204
    assert server.write("# nothing\n\n").status == 204
    assert server.ask("POST", "/api/v2/write?bucket=sensors", f"Authorization: Token {server.token}").status == 204


def test_a_body_may_come_as_gzip_and_in_chunks(server: Any) -> None:
    packed = gzip.compress(LINE.encode())
    assert server.write(packed, "Content-Encoding: gzip").status == 204
    chunks = b"".join(b"%x\r\n%s\r\n" % (1, packed[i : i + 1]) for i in range(len(packed))) + b"0\r\n\r\n"
    assert server.write(chunks, "Content-Encoding: gzip", "Transfer-Encoding: chunked").status == 204
    assert len(server.rows()) == 1


@pytest.mark.parametrize(("word", "unit"), [("s", 10**9), ("ms", 10**6), ("us", 10**3), ("ns", 1), ("u", 10**3), ("second", 10**9)])
def test_precision_scales_times(server: Any, word: str, unit: int) -> None:
    assert server.write("m f=1 5", query=f"&precision={word}").status == 204
    assert [row["time_ns"] for row in server.rows()] == [5 * unit]


def test_the_primer_takes_minutes(start: Callable[..., Any]) -> None:
    server = start(profile="primer")
    assert server.write("m f=1 5", query="&precision=m").status == 204
    assert [row["time_ns"] for row in server.rows()] == [300 * 10**9]
    assert server.write("m f=1 5", query="&precision=second").status == 400


def test_a_large_body_is_stored_by_a_thread_while_others_write(server: Any) -> None:
    body = "\n".join(f"m,t=a f={i}i {i}" for i in range(20_000))
    wire = server.wire()
    wire.send(server.write_head(f"Content-Length: {len(body)}") + body.encode())
    assert server.write("other f=1 1").status == 204
    assert wire.answer().status == 204
    assert len(server.rows()) == 20_001


@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_the_limit_is_on_bytes_read(start: Callable[..., Any], framing: str) -> None:
    server = start(max_body=1000)
    fits, too_large = b"#" * 1000, b"#" * 1001
    if framing == "chunks":
        fits, too_large = (b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) for body in (fits, too_large))
    headers = ["Transfer-Encoding: chunked"] if framing == "chunks" else []
    assert server.write(fits, *headers).status == 204
    answer = server.write(too_large, *headers)
    assert (answer.status, answer.json) == (413, {"code": "request too large", "message": "max request size (1000 bytes) exceeded"})
    assert server.write(gzip.compress(b"#" * 1001), "Content-Encoding: gzip").status == 413


def test_a_declared_length_is_not_looked_at(start: Callable[..., Any]) -> None:
    """The answer comes when one byte too many has been read, not before."""
    server = start(max_body=1000)
    wire = server.wire()
    wire.send(server.write_head("Content-Length: 20000000") + b"#" * 1000)
    wire.socket.settimeout(0.2)
    with pytest.raises(TimeoutError):
        wire.answer()
    wire.socket.settimeout(20)
    wire.send(b"#")
    assert wire.answer().status == 413


def test_partial_writes_of_the_server_and_of_the_database(start: Callable[..., Any]) -> None:
    server = start(partial_writes=True)
    assert server.write("good f=1 1\nbad").status == 400
    assert [row["table"] for row in server.rows()] == ["good"]
    body = b'{"name": "strict", "partial_writes": false}'
    assert server.ask("POST", "/admin/databases", body=body).status == 201
    _, token = server.databases.create_token("strict")
    target = "/api/v2/write?bucket=strict"
    assert server.ask("POST", target, f"Authorization: Token {token}", body=b"good f=1 1\nbad").status == 400
    assert server.rows("strict") == []


def test_a_fault_of_ours_is_an_internal_error_and_logged(server: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The journal is taken away, which no request can do."""
    server.databases.journal = None
    answer = server.write("m f=1 1")
    assert (answer.status, answer.json["code"]) == (500, "internal error")
    assert "AttributeError" in caplog.text
    assert server.token not in caplog.text
    assert server.ask("GET", "/health").status == 200


def test_a_storage_that_fails_is_unavailable_and_the_log_says_why(server: Any, caplog: pytest.LogCaptureFixture) -> None:
    server.databases.journal._connection.close()
    answer = server.write("m f=1 1")
    assert (answer.status, answer.json["code"]) == (503, "unavailable")
    assert "Cannot operate on a closed database" in caplog.text
