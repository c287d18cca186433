"""Over TLS a client meets what it would meet elsewhere: a name, an authority, and the wish for a certificate of its own."""

from __future__ import annotations

import ssl
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from docwitness.reach import Reach
from docwitness.targets.gateway import Gateway, gateway

pytestmark = pytest.mark.anyio


async def ask(behind: Any, url: str, context: ssl.SSLContext, name: str | None = None) -> bytes:
    host, _, port = url.removeprefix("https://").partition(":")
    answer: bytes = await behind.ask(int(port), host, ssl=context, server_hostname=name or host)
    return answer


def trusting(gate: Gateway, *, certified: bool = False) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=gate.authority)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    if certified:
        context.load_cert_chain(gate.certificate, gate.key)
    return context


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "gateway.example.com"])
async def test_who_trusts_its_authority_gets_through(behind: Any, tmp_path: Path, name: str) -> None:
    async with gateway(behind.port, tmp_path) as gate:
        assert await ask(behind, gate.url, trusting(gate), name) == behind.DONE


@pytest.mark.parametrize(("trusts", "name"), [(False, "127.0.0.1"), (True, "other.example.com")])
async def test_who_does_not_trust_it_or_looks_for_another_name_turns_away(
    behind: Any, tmp_path: Path, trusts: bool, name: str
) -> None:
    async with gateway(behind.port, tmp_path) as gate:
        context = trusting(gate) if trusts else ssl.create_default_context()
        with pytest.raises(ssl.SSLCertVerificationError):
            await ask(behind, gate.url, context, name)


async def test_the_mutual_address_is_for_those_with_a_certificate(behind: Any, tmp_path: Path) -> None:
    async with gateway(behind.port, tmp_path) as gate:
        assert await ask(behind, gate.mtls_url, trusting(gate, certified=True)) == behind.DONE
        answer = b""
        with suppress(ssl.SSLError, ConnectionError):
            answer = await ask(behind, gate.mtls_url, trusting(gate))
        assert answer == b""


async def test_samples_elsewhere_find_it_by_their_own_name_for_this_machine(behind: Any, tmp_path: Path) -> None:
    reach = Reach(host="127.0.0.2", address="127.0.0.2", neighbours=ip_network("127.0.0.0/31"))
    async with gateway(behind.port, tmp_path, reach) as gate:
        assert gate.url.startswith("https://127.0.0.2:")
        assert await ask(behind, gate.url, trusting(gate)) == behind.DONE


async def test_strangers_are_hung_up_on(behind: Any, tmp_path: Path) -> None:
    reach = Reach(host="127.0.0.2", address="127.0.0.2", neighbours=ip_network("127.0.0.2/31"))
    async with gateway(behind.port, tmp_path, reach) as gate:
        assert await ask(behind, gate.url, trusting(gate)) == b""


async def test_all_gateways_have_one_authority(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    async with gateway(1, tmp_path) as one, gateway(1, tmp_path / "other", Reach(host="127.0.0.2")) as other:
        assert one.authority.read_bytes() == other.authority.read_bytes()
        assert one.url != other.url
