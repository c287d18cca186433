from __future__ import annotations

import pytest

from docwitness.exchange import Exchange, Request, Response


def _request(target: str) -> Request:
    return Request(method="POST", target=target, version="HTTP/1.1", headers=(), body=b"")


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/api/v2/write?bucket=a/b", "/api/v2/write"),
        ("http://127.0.0.1:8181/api/v2/write?bucket=x", "/api/v2/write"),
        ("http://127.0.0.1:8181", "/"),
        ("*", "*"),
    ],
)
def test_an_operation_is_method_and_path_in_whatever_form_the_target_is(target: str, path: str) -> None:
    request = _request(target)
    assert (request.path, request.operation) == (path, f"POST {path}")


def test_parameters_that_are_empty_or_come_twice_are_parameters() -> None:
    assert _request("/write?rp=&db=a%20b&db=c").query == {"rp": [""], "db": ["a b", "c"]}


@pytest.mark.parametrize(("status", "accepted"), [(None, False), (0, False), (199, False), (204, True), (300, False)])
def test_an_exchange_is_accepted_where_its_response_says_so(status: int | None, accepted: bool) -> None:
    response = None if status is None else Response(status=status, reason="", version="HTTP/1.1", headers=(), body=b"")
    exchange = Exchange(request=_request("/"), response=response, started_ns=1, ended_ns=2)
    assert (exchange.status, exchange.accepted) == (status or 0, accepted)
