from __future__ import annotations

import asyncio
import gzip
import socket
import struct
from ipaddress import ip_network
from typing import Any

import pytest

from docwitness.errors import TargetError
from docwitness.exchange import RefusedHost
from docwitness.reach import HERE, Reach
from docwitness.targets.base import Upstream
from docwitness.targets.recorder import Recorder

pytestmark = pytest.mark.anyio

WRITE = b"POST /api/v2/write?bucket=b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"


@pytest.mark.parametrize(
    "request_bytes",
    [
        WRITE,
        b"post /a HTTP/1.1\nhost:x\n\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\nshort",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nlong",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nno chunks",
        b"GET / HTTP/1.1\r\nHost: half a he",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"POST / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 60\r\n\r\n"
        + gzip.compress(b"m f=1", mtime=0).ljust(60, b"\0"),
        WRITE * 20,
    ],
)
async def test_the_bytes_of_the_client_arrive_unchanged(tapped: Any, request_bytes: bytes) -> None:
    """Well-formed or not, in one piece or in two."""
    async with tapped("echoes") as tap:
        for pieces in ([request_bytes], [request_bytes[:20], request_bytes[20:]]):
            answer = await tap.send(*pieces)
            assert answer.partition(b"\r\n\r\n")[2] == request_bytes


async def test_an_exchange_is_recorded(tapped: Any) -> None:
    async with tapped("answers_200_for_204") as tap:
        await tap.send(WRITE)
        (exchange,) = (await tap.recorder.recorded()).exchanges
    assert (exchange.request.method, exchange.request.target) == ("POST", "/api/v2/write?bucket=b")
    assert (exchange.request.headers[0], exchange.request.body) == (("Host", "x"), b"abc")
    assert (exchange.response.status, exchange.response.body) == (200, b"{}")
    assert exchange.started_ns <= exchange.ended_ns


async def test_pipelined_requests_are_exchanges_of_their_own(tapped: Any) -> None:
    async with tapped("answers_200_for_204") as tap:
        await tap.send(WRITE + WRITE.replace(b"abc", b"def"))
        recording = await tap.recorder.recorded()
    assert [exchange.request.body for exchange in recording.exchanges] == [b"abc", b"def"]
    assert all(exchange.response for exchange in recording.exchanges)


async def test_a_response_without_content_needs_no_length(tapped: Any) -> None:
    async with tapped("says_no_content") as tap:
        await tap.send(WRITE + WRITE)
        recording = await tap.recorder.recorded()
    assert [exchange.response.status for exchange in recording.exchanges] == [204, 204]


async def test_a_mark_tells_the_exchanges_of_one_sample_from_those_before(tapped: Any) -> None:
    async with tapped("answers_200_for_204") as tap:
        await tap.send(WRITE)
        await tap.recorder.recorded()
        mark = tap.recorder.mark()
        await tap.send(WRITE.replace(b"abc", b"def"))
        recording = await tap.recorder.recorded(mark)
    assert [exchange.request.body for exchange in recording.exchanges] == [b"def"]


@pytest.mark.parametrize(
    ("name", "status", "body", "problem"),
    [
        ("chunks_errors", 400, b'{"code":"invalid"}', ""),
        ("hesitates", 204, b"", ""),
        ("has_no_length", 200, b"to the end", ""),
        ("answers_early", 413, b"", ""),
        ("stops_halfway", 400, b"{", "the body ended 99 bytes before its length"),
        ("speaks_no_http", 0, b"\x00\x00\x12\x04", "this is not an HTTP response"),
    ],
)
async def test_responses_are_read_however_they_come(tapped: Any, name: str, status: int, body: bytes, problem: str) -> None:
    async with tapped(name) as tap:
        await tap.send(WRITE)
        (exchange,) = (await tap.recorder.recorded()).exchanges
    assert (exchange.response.status, exchange.response.body, exchange.response.problem) == (status, body, problem)


@pytest.mark.parametrize(("name", "end"), [("hangs_up", b""), ("resets", b"(reset)")])
async def test_a_connection_that_ends_without_a_response(tapped: Any, name: str, end: bytes) -> None:
    async with tapped(name) as tap:
        assert await tap.send(WRITE) == end
        (exchange,) = (await tap.recorder.recorded()).exchanges
    assert exchange.response is None
    assert exchange.unreachable == ""


@pytest.mark.parametrize("first", ["client", "target"])
async def test_a_reset_reaches_a_client_that_ends_its_side_at_that_moment(first: str) -> None:
    """Both ends are seen by the recorder in one go, in either order."""
    loop = asyncio.get_running_loop()
    with socket.create_server(("127.0.0.1", 0)) as target:
        target.setblocking(False)
        async with Recorder(Upstream(host="127.0.0.1", port=target.getsockname()[1])) as recorder:
            with socket.create_connection(("127.0.0.1", recorder.port)) as client:
                client.setblocking(False)
                await loop.sock_sendall(client, WRITE)
                connection, _ = await loop.sock_accept(target)
                assert await loop.sock_recv(connection, 65536) == WRITE
                if first == "client":
                    client.shutdown(socket.SHUT_WR)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.close()
                if first == "target":
                    client.shutdown(socket.SHUT_WR)
                with pytest.raises(ConnectionResetError):
                    await asyncio.wait_for(loop.sock_recv(client, 1), 5)
            (exchange,) = (await recorder.recorded()).exchanges
    assert exchange.response is None


async def test_a_head_request_has_no_body_in_its_response(tapped: Any) -> None:
    async with tapped("answers_200_for_204") as tap:
        await tap.send(b"HEAD /ping HTTP/1.1\r\n\r\n")
        (exchange,) = (await tap.recorder.recorded()).exchanges
    assert (exchange.response.status, exchange.response.body) == (200, b"")


@pytest.mark.parametrize(
    ("line", "host"),
    [
        (b"CONNECT cluster.example.com:443 HTTP/1.1", "cluster.example.com"),
        (b"POST http://cluster.example.com:8086/write HTTP/1.1", "cluster.example.com:8086"),
    ],
)
async def test_another_host_is_refused_and_named(tapped: Any, line: bytes, host: str) -> None:
    async with tapped("echoes") as tap:
        answer = await tap.send(line + b"\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
        recording = await tap.recorder.recorded()
    assert answer.startswith(b"HTTP/1.1 403 Forbidden\r\n")
    assert host.encode() in answer
    assert recording.refused == (RefusedHost(host=host),)
    assert recording.exchanges == ()


async def test_another_host_is_refused_on_a_connection_that_was_fine_before(tapped: Any) -> None:
    async with tapped("answers_200_for_204") as tap:
        await tap.send(WRITE, b"GET http://other.example.com/ HTTP/1.1\r\n\r\n")
        recording = await tap.recorder.recorded()
    assert len(recording.exchanges) == 1
    assert recording.refused == (RefusedHost(host="other.example.com"),)


async def test_a_proxy_request_for_the_tap_itself_is_served(tapped: Any) -> None:
    async with tapped("echoes") as tap:
        answer = await tap.send(b"POST " + tap.recorder.url.encode() + b"/write?a=b HTTP/1.1\r\n\r\n")
        through_tunnel = await tap.send(b"CONNECT " + tap.recorder.host.encode() + b" HTTP/1.1\r\n\r\n", WRITE)
        recording = await tap.recorder.recorded()
    assert b"POST /write?a=b HTTP/1.1\r\n\r\n" in answer
    assert through_tunnel.endswith(WRITE)
    assert [exchange.request.target for exchange in recording.exchanges] == [
        f"{tap.recorder.url}/write?a=b",
        "/api/v2/write?bucket=b",
    ]


async def test_a_remote_target_gets_its_own_host_and_path(tapped: Any) -> None:
    async with tapped("echoes", host_header="cloud.example.com", base_path="/base") as tap:
        answer = await tap.send(WRITE)
        (exchange,) = (await tap.recorder.recorded()).exchanges
    assert b"POST /base/api/v2/write?bucket=b HTTP/1.1\r\nHost: cloud.example.com\r\n" in answer
    assert exchange.request.headers[0] == ("Host", "x")


async def test_a_target_that_is_not_there_looks_like_a_refused_connection() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        async with Recorder(Upstream(host="127.0.0.1", port=unused.getsockname()[1])) as recorder:
            reader, writer = await asyncio.open_connection("127.0.0.1", recorder.port)
            writer.write(WRITE)
            with pytest.raises(ConnectionResetError):
                await reader.read()
            writer.close()
            (exchange,) = (await recorder.recorded()).exchanges
    assert exchange.response is None
    assert "refused" in exchange.unreachable or "Connect call failed" in exchange.unreachable


async def test_what_never_ends_is_recorded_as_far_as_it_came(tapped: Any) -> None:
    async with tapped("never_answers", patience_s=0.01) as tap:
        sending = asyncio.create_task(tap.send(WRITE, end=False))
        await asyncio.sleep(0.05)
        (exchange,) = (await tap.recorder.recorded()).exchanges
        assert exchange.response is None
        assert exchange.ended_ns
    assert await sending == b"(reset)"


async def test_a_client_that_dies_leaves_an_exchange_without_response(tapped: Any) -> None:
    async with tapped("never_answers") as tap:
        with socket.create_connection(("127.0.0.1", tap.recorder.port)) as client:
            client.sendall(WRITE)
        (exchange,) = (await tap.recorder.recorded()).exchanges
    assert exchange.request.body == b"abc"
    assert exchange.response is None


async def test_the_record_is_bounded(tapped: Any) -> None:
    async with tapped("echoes", largest_record=2) as tap:
        answer = await tap.send(WRITE)
        (exchange,) = (await tap.recorder.recorded()).exchanges
    assert answer.endswith(b"abc")
    assert exchange.request.body == b"ab"
    assert "1 bytes of the body were not kept" in exchange.request.problem


async def test_slow_readers_hold_back_the_other_side(tapped: Any) -> None:
    """Several megabytes each way while nobody reads: everything arrives."""
    body = b"x" * 4_000_000
    async with tapped("echoes") as tap:
        answer = await tap.send(b"POST / HTTP/1.1\r\nContent-Length: 4000000\r\n\r\n", body)
        (exchange,) = (await tap.recorder.recorded()).exchanges
    assert answer.endswith(body)
    assert exchange.request.body == body


async def ask(recorder: Recorder, reach: Reach, *, source: str) -> bytes:
    """What a client with that address gets, where samples with that reach write to."""
    port = int(recorder.host_from(reach).rpartition(":")[2])
    reader, writer = await asyncio.open_connection(reach.address, port, local_addr=(source, 0))
    try:
        writer.write(WRITE)
        return await reader.readuntil(b"\r\n\r\n")
    finally:
        writer.close()


async def test_without_other_samples_it_listens_on_loopback_only(tapped: Any) -> None:
    async with tapped("answers_200_for_204") as tap:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.2", tap.recorder.port)


async def test_samples_elsewhere_have_an_address_of_their_own_beside_it(apps: Any) -> None:
    reach = Reach(host="host.example.com", address="127.0.0.2", neighbours=ip_network("127.0.0.2/31"))
    server = await apps.serve(apps.answers_200_for_204)
    async with Recorder(Upstream(host="127.0.0.1", port=server.sockets[0].getsockname()[1]), {reach}) as recorder:
        assert (await ask(recorder, reach, source="127.0.0.3")).startswith(b"HTTP/1.1 200")
        assert (await ask(recorder, HERE, source="127.0.0.1")).startswith(b"HTTP/1.1 200")
        assert [exchange.client for exchange in (await recorder.recorded()).exchanges] == ["127.0.0.3", "127.0.0.1"]
        assert recorder.url_from(reach).startswith("http://host.example.com:")
        assert recorder.url_from(HERE) == recorder.url
    server.close()


async def test_strangers_are_hung_up_on(apps: Any) -> None:
    reach = Reach(address="127.0.0.2", neighbours=ip_network("127.0.0.2/31"))
    server = await apps.serve(apps.answers_200_for_204)
    async with Recorder(Upstream(host="127.0.0.1", port=server.sockets[0].getsockname()[1]), {reach}) as recorder:
        with pytest.raises(ConnectionError):
            await ask(recorder, reach, source="127.0.0.1")
        assert (await recorder.recorded()).exchanges == ()
    server.close()


async def test_it_is_itself_by_every_name_that_samples_have_for_it(apps: Any) -> None:
    """A proxy request for it is served; without the reach, the same name is another host."""
    reach = Reach(host="host.example.com")
    server = await apps.serve(apps.answers_200_for_204)
    upstream = Upstream(host="127.0.0.1", port=server.sockets[0].getsockname()[1])
    for reaches, refused in (({reach}, 0), (set(), 1)):
        async with Recorder(upstream, reaches) as recorder:
            reader, writer = await asyncio.open_connection("127.0.0.1", recorder.port)
            writer.write(WRITE.replace(b" /", b" " + recorder.url_from(reach).encode() + b"/", 1))
            await reader.readuntil(b"\r\n\r\n")
            writer.close()
            assert len((await recorder.recorded()).refused) == refused
    server.close()


async def test_an_address_that_is_not_here_is_told() -> None:
    """192.0.2.0/24 is for documentation (RFC 5737)."""
    with pytest.raises(TargetError, match=r"the recorder cannot listen at 192\.0\.2\.1: "):
        async with Recorder(Upstream(host="127.0.0.1", port=1), {Reach(address="192.0.2.1")}):
            pytest.fail("it listens")
