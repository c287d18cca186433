"""Over TLS a client meets what it would meet elsewhere: a name, an authority, and the wish for a certificate of its own."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from ipaddress import ip_network
from pathlib import Path

import pytest

from docwitness.reach import Reach
from docwitness.targets.gateway import Gateway, gateway

pytestmark = pytest.mark.anyio

REQUEST = b"POST /api/v2/write HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\na f=1"
DONE = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


@asynccontextmanager
async def server() -> AsyncIterator[int]:
    """Answers one request of each connection, and closes that."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            await reader.readexactly(len(REQUEST))
            writer.write(DONE)

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as listening:
        yield listening.sockets[0].getsockname()[1]


async def ask(url: str, context: ssl.SSLContext, name: str | None = None) -> bytes:
    host, _, port = url.removeprefix("https://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port), ssl=context, server_hostname=name or host)
    with closing(writer):
        writer.write(REQUEST)
        return await reader.read()


def trusting(gate: Gateway, *, certified: bool = False) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=gate.authority)
    if certified:
        context.load_cert_chain(gate.certificate, gate.key)
    return context


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "gateway.example.com"])
async def test_who_trusts_its_authority_gets_through(tmp_path: Path, name: str) -> None:
    async with server() as port, gateway(port, tmp_path) as gate:
        assert await ask(gate.url, trusting(gate), name) == DONE


@pytest.mark.parametrize(("trusts", "name"), [(False, "127.0.0.1"), (True, "other.example.com")])
async def test_who_does_not_trust_it_or_looks_for_another_name_turns_away(tmp_path: Path, trusts: bool, name: str) -> None:
    async with server() as port, gateway(port, tmp_path) as gate:
        context = trusting(gate) if trusts else ssl.create_default_context()
        with pytest.raises(ssl.SSLCertVerificationError):
            await ask(gate.url, context, name)


async def test_the_mutual_address_is_for_those_with_a_certificate(tmp_path: Path) -> None:
    async with server() as port, gateway(port, tmp_path) as gate:
        assert await ask(gate.mtls_url, trusting(gate, certified=True)) == DONE
        answer = b""
        with suppress(ssl.SSLError, ConnectionError):
            answer = await ask(gate.mtls_url, trusting(gate))
        assert answer == b""


async def test_samples_elsewhere_find_it_by_their_own_name_for_this_machine(tmp_path: Path) -> None:
    reach = Reach(host="127.0.0.2", address="127.0.0.2", neighbours=ip_network("127.0.0.0/31"))
    async with server() as port, gateway(port, tmp_path, reach) as gate:
        assert gate.url.startswith("https://127.0.0.2:")
        assert await ask(gate.url, trusting(gate)) == DONE


async def test_strangers_are_hung_up_on(tmp_path: Path) -> None:
    reach = Reach(host="127.0.0.2", address="127.0.0.2", neighbours=ip_network("127.0.0.2/31"))
    async with server() as port, gateway(port, tmp_path, reach) as gate:
        assert await ask(gate.url, trusting(gate)) == b""


async def test_all_gateways_have_one_authority(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    async with gateway(1, tmp_path) as one, gateway(1, tmp_path / "other", Reach(host="127.0.0.2")) as other:
        assert one.authority.read_bytes() == other.authority.read_bytes()
        assert one.url != other.url
