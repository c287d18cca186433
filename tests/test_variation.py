"""One thing changes in a request, and its framing stays true."""

from __future__ import annotations

import gzip
from dataclasses import replace

import pytest

from docwitness.claim import Place
from docwitness.exchange import Request
from docwitness.variation import UNCHANGED, Variation, given, varied, without

BASE = Request(
    method="POST",
    target="/w?bucket=old&org=a%20b",
    version="HTTP/1.1",
    headers=(("Host", "x"), ("Authorization", "Token secret"), ("Content-Length", "8")),
    body=b"m f=1 17\nm f=2 18",
)


def fill(text: str) -> str:
    return text.replace("old", "new").replace("secret", "fresh")


def head(request: Request, variation: Variation) -> list[str]:
    return varied(request, variation, fill).partition(b"\r\n\r\n")[0].decode().split("\r\n")


def body(request: Request, variation: Variation) -> bytes:
    return varied(request, variation, fill).partition(b"\r\n\r\n")[2]


def test_unchanged_it_is_the_request_in_another_scope() -> None:
    assert head(BASE, UNCHANGED) == [
        "POST /w?bucket=new&org=a%20b HTTP/1.1",
        "Host: x",
        "Authorization: Token fresh",
        "Content-Length: 17",
    ]


def test_what_is_left_out_stands_nowhere() -> None:
    assert head(BASE, without("bucket"))[0] == "POST /w?org=a%20b HTTP/1.1"
    assert not any(line.startswith("Authorization") for line in head(BASE, without("authorization")))
    assert head(replace(BASE, target="/w?bucket=old"), without("bucket"))[0] == "POST /w HTTP/1.1"


def test_what_is_given_stands_there_alone() -> None:
    assert head(BASE, given("org", Place.QUERY, "ü&"))[0] == "POST /w?bucket=new&org=%C3%BC%26 HTTP/1.1"
    moved = head(BASE, given("bucket", Place.HEADER, "old"))
    assert (moved[0], "bucket: new" in moved) == ("POST /w?org=a%20b HTTP/1.1", True)


def test_names_of_parameters_have_their_case_and_those_of_headers_have_none() -> None:
    assert "bucket=new" in head(BASE, given("Bucket", Place.QUERY, "x"))[0]
    assert sum(line.lower().startswith("authorization") for line in head(BASE, given("AUTHORIZATION", Place.HEADER, "x"))) == 1


def test_a_coding_is_true() -> None:
    request = varied(BASE, given("Content-Encoding", Place.HEADER, "gzip"), fill)
    start, _, sent = request.partition(b"\r\n\r\n")
    assert gzip.decompress(sent) == BASE.body
    assert f"Content-Length: {len(sent)}".encode() in start


def test_a_coding_may_be_that_of_another_header_value() -> None:
    assert body(BASE, given("Content-Encoding", Place.HEADER, "gzip", coding="identity")) == BASE.body
    assert gzip.decompress(body(BASE, Variation(coding="gzip"))) == BASE.body


@pytest.mark.parametrize(("chunked", "framed"), [(True, b"11\r\nm f=1 17\nm f=2 18\r\n0\r\n\r\n"), (False, BASE.body)])
def test_framing_is_true(chunked: bool, framed: bytes) -> None:
    lines = head(BASE, Variation(chunked=chunked))
    assert (lines[-1], body(BASE, Variation(chunked=chunked))) == (
        "Transfer-Encoding: chunked" if chunked else "Content-Length: 17",
        framed,
    )


def test_times_are_scaled_and_replaced() -> None:
    assert body(BASE, Variation(times=(1000, 1))) == b"m f=1 17000\nm f=2 18000"
    assert body(BASE, Variation(times=(1, 10))) == b"m f=1 1\nm f=2 1"
    assert body(BASE, Variation(time=5)) == b"m f=1 5\nm f=2 5"


def test_a_token_inside_base64_is_that_of_the_scope() -> None:
    base = replace(BASE, headers=(("Authorization", "Basic YW55b25lOnNlY3JldA=="),))
    assert "Authorization: Basic YW55b25lOmZyZXNo" in head(base, UNCHANGED)


def test_a_token_inside_base64_is_that_of_the_scope_also_where_it_is_given() -> None:
    assert "Authorization: Basic YW55b25lOmZyZXNo" in head(BASE, given("Authorization", Place.HEADER, "Basic YW55b25lOnNlY3JldA=="))
    assert head(BASE, given("auth", Place.QUERY, "Basic YW55b25lOnNlY3JldA=="))[0].endswith("&auth=Basic+YW55b25lOmZyZXNo HTTP/1.1")


@pytest.mark.parametrize(
    ("value", "sent"), [("Basic old", "Basic new"), ("Basic secret==", "Basic fresh=="), ("Basic YQ==", "Basic YQ==")]
)
def test_what_only_looks_like_base64_is_filled_as_it_stands(value: str, sent: str) -> None:
    assert f"Authorization: {sent}" in head(BASE, given("Authorization", Place.HEADER, value))


def test_a_variation_says_what_it_changes() -> None:
    assert str(UNCHANGED) == "as it is"
    assert str(without("org")) == "org left out"
    assert str(given("p", Place.QUERY, "x" * 99, times=(1, 1000))) == f"p={'x' * 39}… (99 characters), times × 1/1000"
