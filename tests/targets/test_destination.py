from __future__ import annotations

import pytest

from docwitness.targets.base import Upstream
from docwitness.targets.destination import named_host, rewritten
from docwitness.targets.framing import parse_head


@pytest.mark.parametrize(
    ("line", "host"),
    [
        ("CONNECT cloud.example.com:443 HTTP/1.1", "cloud.example.com"),
        ("CONNECT cloud.example.com:8086 HTTP/1.1", "cloud.example.com:8086"),
        ("POST http://cloud.example.com/api HTTP/1.1", "cloud.example.com"),
        ("POST http://u:p@cloud.example.com:81?x=http://y HTTP/1.1", "cloud.example.com:81"),
        ("POST HTTPS://cloud.example.com:443/ HTTP/1.1", "cloud.example.com"),
        ("POST /write?u=http://cloud.example.com HTTP/1.1", None),
        ("OPTIONS * HTTP/1.1", None),
    ],
)
def test_a_proxy_request_names_a_host(line: str, host: str | None) -> None:
    assert named_host(parse_head(f"{line}\r\n\r\n".encode())) == host


def forwarded(head: bytes, **upstream: str) -> bytes:
    return rewritten(parse_head(head), Upstream(host="h", port=1, **upstream))  # type: ignore[arg-type]


def test_the_head_is_forwarded_as_it_came() -> None:
    head = b"\npost  /a?b=%zz HTTP/1.1\nhOST : x\r\n\r\n"
    assert forwarded(head) == head


def test_an_absolute_target_becomes_a_path() -> None:
    assert forwarded(b"POST http://127.0.0.1:1?a=b HTTP/1.1\r\n\r\n") == b"POST /?a=b HTTP/1.1\r\n\r\n"


def test_only_host_and_path_change_for_a_remote_target() -> None:
    changed = forwarded(b"POST /write HTTP/1.1\r\nX: /write\r\nhOST:tap\r\nY: z\r\n\r\n", host_header="cloud", base_path="/base/")
    assert changed == b"POST /base/write HTTP/1.1\r\nX: /write\r\nhOST: cloud\r\nY: z\r\n\r\n"
