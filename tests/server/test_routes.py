"""What the server answers to, and what it does not."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/"),
        ("GET", "/api/v2/write?bucket=sensors"),
        ("PUT", "/api/v2/write?bucket=sensors"),
        ("OPTIONS", "/api/v2/write"),
        ("post", "/api/v2/write?bucket=sensors"),
        ("Post", "/write?db=sensors"),
        ("POST", "/api/v2/write/?bucket=sensors"),
        ("POST", "/API/v2/write"),
        ("POST", "/api%2Fv2/write"),
        ("POST", "//api/v2/write"),
        ("POST", "/api/v2/query"),
        ("GET", "/api/v2/buckets"),
        ("POST", "/ping"),
        ("GET", "/admin"),
        ("GET", "/admin/databases/"),
        ("PATCH", "/admin/databases/a"),
    ],
)
def test_everything_else_is_not_found_whatever_the_token_says(server: Any, method: str, target: str) -> None:
    answer = server.ask(method, target, "Authorization: Token nonsense", "Content-Encoding: deflate", body=b"m f=1 1")
    assert (answer.status, answer.json) == (404, {"code": "not found", "message": "not found"})
    assert set(answer.headers) == {"content-type", "content-length", "date"}
    assert answer.headers["content-type"] == "application/json"


def test_head_of_an_unknown_route_has_the_length_but_no_body(server: Any) -> None:
    wire = server.wire()
    wire.send(b"HEAD /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answer = wire.answer(head_only=True)
    assert (answer.status, answer.headers["content-length"]) == (404, "42")
    assert wire.ended()


def test_health_is_two_letters(server: Any) -> None:
    answer = server.ask("GET", "/health?verbose=true")
    assert (answer.status, answer.body) == (200, b"OK")
    assert "content-type" not in answer.headers


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_ping_has_the_headers_that_clients_look_at(server: Any, method: str) -> None:
    answer = server.ask(method, "/ping")
    assert answer.status == 204
    assert answer.headers["x-influxdb-version"].startswith("docwitness-")
    assert answer.headers["x-influxdb-build"]


def test_deletes_are_not_supported(server: Any) -> None:
    answer = server.ask("POST", "/api/v2/delete?bucket=sensors", body=b"{}")
    assert (answer.status, answer.json) == (500, {"code": "internal error", "message": "deletes are not supported"})


def test_scheme_and_host_of_an_absolute_target_and_fragments_are_ignored(server: Any) -> None:
    authorization = f"Authorization: Token {server.token}"
    target = "http://elsewhere.example/api/v2/write?bucket=sensors#fragment?x"
    assert server.ask("POST", target, authorization, body=b"m f=1 1").status == 204
    assert server.ask("POST", "/api/v2/write#?bucket=sensors", authorization, body=b"m f=1 1").status == 400
