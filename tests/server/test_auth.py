"""Tokens."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from docwitness.server.auth import Tokens, digest, header_token, new_token, redacted
from docwitness.server.errors import ApiError


def basic(text: str) -> bytes:
    return b"Basic " + base64.b64encode(text.encode())


@pytest.mark.parametrize(
    ("value", "token"),
    [
        (b"Token abc", b"abc"),
        (b"Bearer abc", b"abc"),
        (b"Token  abc", b" abc"),
        (b"Bearer Token abc", b"Token abc"),
        (b"Token \xff\xfe", b"\xff\xfe"),
        (basic("user:abc"), b"abc"),
        (basic(":abc"), b"abc"),
        (basic("user:a:b"), b"a:b"),
    ],
)
def test_a_token_is_found_behind_each_scheme(value: bytes, token: bytes) -> None:
    assert header_token(value) == token


@pytest.mark.parametrize(
    "value",
    [
        *(None, b"", b"Token", b"Token ", b"Bearer", b"token abc", b"BEARER abc", b"Digest abc", b"abc"),
        *(
            b"Basic !!!!",
            b"Basic dXNlcjpwYXNzdw",
            b"Basic dXNl!cjphYmM=",
            b"Basic dTphYg=",
            b"Basic dTphYh==",
            basic("user"),
            basic("user:"),
        ),
    ],
)
def test_what_cannot_be_read_is_no_token(value: bytes | None) -> None:
    assert header_token(value) is None


def test_only_the_digest_is_kept() -> None:
    stored, text = new_token("d", {"write"})
    assert stored.digest == digest(text.encode())
    assert text not in repr(stored)
    assert text.swapcase() != text


@pytest.mark.parametrize(
    ("database", "permission", "error"),
    [("d", "write", None), ("d", "read", "forbidden"), ("e", "write", "forbidden")],
)
def test_a_token_is_for_one_database_and_its_permissions(database: str, permission: str, error: str | None) -> None:
    stored, text = new_token("d", {"write"})
    tokens = Tokens([stored])
    if error is None:
        tokens.authorize(text.encode(), database, permission)
        return
    with pytest.raises(ApiError, match=error) as caught:
        tokens.authorize(text.encode(), database, permission)
    assert caught.value.status == 403


def test_an_unknown_token_is_forbidden_and_no_token_unauthorized() -> None:
    for token, status, message in ((b"x", 403, "invalid token"), (b"", 403, "invalid token"), (None, 401, "no token")):
        with pytest.raises(ApiError) as caught:
            Tokens([]).authorize(token, "d", "write")
        assert (caught.value.status, caught.value.message) == (status, message)


def test_tokens_are_redacted_in_texts() -> None:
    _, text = new_token("d", {"write"})
    assert redacted(f"/write?p={text}&db=d") == "/write?p=[token]&db=d"


def test_a_revoked_token_is_refused_at_once(server: Any) -> None:
    token_id, token = server.databases.create_token("sensors", {"write"})
    assert server.write("m f=1 1", token=token).status == 204
    assert server.databases.delete_token(token_id)
    assert server.write("m f=1 1", token=token).message == "invalid token"


def test_a_token_that_is_revoked_while_a_body_comes_stores_nothing(server: Any) -> None:
    token_id, token = server.databases.create_token("sensors", {"write"})
    wire = server.wire()
    wire.send(server.write_head("Content-Length: 7", "Expect: 100-continue", token=token))
    assert wire.answer().status == 100
    assert server.databases.delete_token(token_id)
    wire.send(b"m f=1 1")
    assert wire.answer().message == "invalid token"
    assert server.rows() == []


def test_tokens_go_with_their_database(server: Any) -> None:
    server.databases.delete_database("sensors")
    server.databases.create_database("sensors")
    assert server.write("m f=1 1").message == "invalid token"


def test_all_schemes_write_and_no_answer_asks_for_one(server: Any) -> None:
    for value in (f"Token {server.token}", f"Bearer {server.token}", basic(f"me:{server.token}").decode()):
        assert server.ask("POST", "/api/v2/write?bucket=sensors", f"Authorization: {value}", body=b"m f=1 1").status == 204
    refused = server.ask("POST", "/api/v2/write?bucket=sensors", body=b"m f=1 1")
    assert refused.json == {"code": "unauthorized", "message": "no token"}
    assert "www-authenticate" not in refused.headers


def test_the_query_string_holds_a_token_only_for_v1(server: Any) -> None:
    assert server.ask("POST", f"/write?db=sensors&p={server.token}", body=b"m f=1 1").status == 204
    assert server.ask("POST", f"/api/v2/write?bucket=sensors&p={server.token}", body=b"m f=1 1").status == 401
    assert server.ask("POST", "/write?db=sensors&p=", body=b"m f=1 1").message == "invalid token"
