"""The administration API."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

import docwitness
from docwitness.server.admin import check_access, is_loopback
from docwitness.server.asgi import Request
from docwitness.server.errors import ApiError

ADMIN_TOKEN = "correct-horse-battery"


def test_databases_come_and_go(server: Any) -> None:
    wanted = b'{"name": "a/b", "retention_s": 3600, "partial_writes": true}'
    assert server.ask("POST", "/admin/databases", body=wanted).status == 201
    conflict = server.ask("POST", "/admin/databases", body=wanted)
    assert (conflict.status, conflict.json) == (409, {"code": "conflict", "message": "database a/b exists"})
    listed = server.ask("GET", "/admin/databases").json["databases"]
    assert listed == [
        {"name": "a/b", "retention_s": 3600, "partial_writes": True},
        {"name": "sensors", "retention_s": None, "partial_writes": None},
    ]
    assert server.ask("DELETE", "/admin/databases/a%2Fb").status == 204
    assert server.ask("DELETE", "/admin/databases/a%2Fb").json == {"code": "not found", "message": "database a/b not found"}


def test_a_token_is_shown_once(server: Any) -> None:
    made = server.ask("POST", "/admin/tokens", body=b'{"database": "sensors", "permissions": ["write"]}')
    assert made.status == 201
    assert server.write("m f=1 1", token=made.json["token"]).status == 204
    listed = server.ask("GET", "/admin/tokens")
    assert {"id": made.json["id"], "database": "sensors", "permissions": ["write"]} in listed.json["tokens"]
    assert made.json["token"].encode() not in listed.body
    assert server.ask("DELETE", f"/admin/tokens/{made.json['id']}").status == 204
    assert server.write("m f=1 1", token=made.json["token"]).status == 403
    assert server.ask("DELETE", f"/admin/tokens/{made.json['id']}").status == 404


def test_a_token_needs_its_database(server: Any) -> None:
    assert server.ask("POST", "/admin/tokens", body=b'{"database": "nope"}').status == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"[" * 50_000,
        b"{}",
        b'{"name": 1}',
        b'{"name": "\\ud800"}',
        b'{"name": ""}',
        b'{"name": "a b"}',
        b'{"name": "x", "retention_s": "1d"}',
        b'{"name": "x", "retention_s": 0}',
        b'{"name": "x", "retention_s": true}',
        b'{"name": "x", "retention_s": 1e400}',
        b'{"name": "x", "partial_writes": 1}',
    ],
)
def test_a_database_that_cannot_be(server: Any, body: bytes) -> None:
    answer = server.ask("POST", "/admin/databases", body=body)
    assert (answer.status, answer.json["code"]) == (400, "invalid")
    assert len(server.ask("GET", "/admin/databases").json["databases"]) == 1


@pytest.mark.parametrize("seconds", ["8589934592", "1.5", "1e3", "-1"])
def test_a_retention_that_cannot_be_says_what_can(server: Any, seconds: str) -> None:
    answer = server.ask("POST", "/admin/databases", body=f'{{"name": "x", "retention_s": {seconds}}}'.encode())
    assert answer.status == 400
    assert answer.message.endswith("`retention_s` is a whole number of seconds above 0 and below 8589934592")


@pytest.mark.parametrize("permissions", ["write", [], ["admin"], [["write"]], [1], {}, None])
def test_permissions_that_there_are_not(server: Any, permissions: object) -> None:
    body = json.dumps({"database": "sensors", "permissions": permissions}).encode()
    assert server.ask("POST", "/admin/tokens", body=body).status == 400


def test_a_body_of_administration_is_small(server: Any) -> None:
    assert server.ask("POST", "/admin/databases", body=b" " * 70_000).status == 413


def test_points_have_types_and_all_their_digits(server: Any) -> None:
    server.write('m,t=a b=true,f=1e999,g=-1e999,i=9007199254740993i,s="é",u=18446744073709551615u -1\nn f=0.1 2')
    row = {
        "table": "m",
        "tags": {"t": "a"},
        "fields": {
            "b": {"bool": True},
            "f": {"float": "inf"},
            "g": {"float": "-inf"},
            "i": {"int": 9007199254740993},
            "s": {"string": "é"},
            "u": {"uint": 18446744073709551615},
        },
        "time_ns": -1,
    }
    assert row in server.rows()
    one = server.ask("GET", "/admin/databases/sensors/points?table=n")
    assert one.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line) for line in one.body.splitlines()] == [
        {"table": "n", "tags": {}, "fields": {"f": {"float": 0.1}}, "time_ns": 2}
    ]
    assert server.ask("GET", "/admin/databases/sensors/points?table=nope").body == b""
    assert server.ask("GET", "/admin/databases/nope/points").status == 404


def test_many_points_come_in_pieces(server: Any) -> None:
    server.write("\n".join(f"m f={i}i {i}" for i in range(5000)))
    assert sorted(row["time_ns"] for row in server.rows()) == list(range(5000))


def test_the_server_says_who_it_is(server: Any) -> None:
    expected = {"name": "docwitness", "version": docwitness.__version__, "profile": "cloud-dedicated"}
    assert server.ask("GET", "/admin/server").json == expected


def test_a_web_page_cannot_administer(server: Any) -> None:
    """Neither across origins, nor under a name of its own that leads to this machine."""
    body = b'{"name": "x"}'
    for header in (
        "Origin: http://evil.example",
        "Host: evil.example",
        "Host: evil.example:8181",
        "Host: 127.0.0.1.evil.example",
        "Host: 127.0.0.1%.evil.example",
        "Host: 10.0.0.1:8181",
        "Sec-Fetch-Site: cross-site",
    ):
        answer = server.ask("POST", "/admin/databases", header, body=body)
        assert (answer.status, answer.json["code"]) == (403, "forbidden")
    assert server.ask("GET", "/admin/databases", "Sec-Fetch-Site: none").status == 200
    for name in ("localhost:8181", "127.0.0.1", "[::1]:8181", "LOCALHOST", "127.0.0.2:8181", "[::ffff:127.0.0.1]"):
        assert server.ask("GET", "/admin/databases", f"Host: {name}").status == 200


def test_with_an_administration_token_nothing_goes_without_it(start: Callable[..., Any]) -> None:
    server = start(admin_token=ADMIN_TOKEN)
    for headers in (
        [],
        [f"Authorization: Bearer {ADMIN_TOKEN}x"],
        [f"Authorization: Bearer {server.token}"],
        ["Authorization: Bearer é"],
    ):
        assert server.ask("GET", "/admin/databases", *headers).status == 401
    for scheme in ("Bearer", "Token"):
        answer = server.ask("GET", "/admin/databases", "Host: elsewhere.example", f"Authorization: {scheme} {ADMIN_TOKEN}")
        assert answer.status == 200


def test_the_administration_token_does_not_write(start: Callable[..., Any]) -> None:
    server = start(admin_token=ADMIN_TOKEN)
    assert server.write("m f=1 1", token=ADMIN_TOKEN).message == "invalid token"


def test_administration_is_closed_where_other_machines_reach_the_server(start: Callable[..., Any]) -> None:
    server = start(host="0.0.0.0")
    assert server.ask("GET", "/admin/databases").status == 403


@pytest.mark.parametrize(("peer", "allowed"), [("127.0.0.1", True), ("10.0.0.1", False), ("", False)])
def test_only_this_machine_administers_without_a_token(peer: str, *, allowed: bool) -> None:
    """Whatever address the server listens on."""
    context: Any = SimpleNamespace(admin_token=None, local_admin=True)
    scope = {"method": "GET", "raw_path": b"/", "query_string": b"", "headers": [], "client": (peer, 1)}
    with contextlib.nullcontext() if allowed else pytest.raises(ApiError, match="open to this machine only"):
        check_access(context, Request.of(scope, receive=context))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("10.0.0.1", False),
        ("", False),
        ("x", False),
    ],
)
def test_loopback_addresses_are_told_from_others(address: str, *, expected: bool) -> None:
    assert is_loopback(address) is expected
