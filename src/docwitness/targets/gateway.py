"""The gateway: a face of the recorder that speaks TLS, with certificates of an authority that nobody trusts unless told to.

What a client does about certificates shows by what gets through; behind the gateway, all is as without it.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from docwitness.change import Weather
from docwitness.targets.weather import relay

if TYPE_CHECKING:
    from trustme import CA, LeafCert

NAMES = ("127.0.0.1", "localhost", "gateway.example.com")
"""What its certificate is for. The last one is for clients that are told which name to expect: it leads nowhere."""
_FOLDER = "certificates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """Two addresses, and the files that clients may need there, as PEM."""

    url: str
    """For every client."""
    mtls_url: str
    """For those alone that show a certificate of its authority."""
    authority: Path
    certificate: Path
    """One to show."""
    key: Path
    """The key of that one, not encrypted."""


@asynccontextmanager
async def gateway(port: int, folder: Path) -> AsyncIterator[Gateway]:
    """Leads to a loopback port while it is entered; the files are put below `folder`."""
    issued = _issued()
    async with (
        relay(Weather.CLEAR, port, tls=_context(issued, mutual=False)) as tls_port,
        relay(Weather.CLEAR, port, tls=_context(issued, mutual=True)) as mtls_port,
    ):
        files = folder / _FOLDER
        files.mkdir(exist_ok=True)
        made = Gateway(
            url=f"https://127.0.0.1:{tls_port}",
            mtls_url=f"https://127.0.0.1:{mtls_port}",
            authority=files / "ca.pem",
            certificate=files / "client.pem",
            key=files / "client-key.pem",
        )
        issued.authority.cert_pem.write_to_path(made.authority)
        issued.client.cert_chain_pems[0].write_to_path(made.certificate)
        issued.client.private_key_pem.write_to_path(made.key)
        yield made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Issued:
    authority: CA
    server: LeafCert
    client: LeafCert


@cache
def _issued() -> _Issued:
    """Made once: all gateways of a run are alike."""
    import trustme  # noqa: PLC0415 - slow to import, and few pages need it

    authority = trustme.CA()
    return _Issued(authority=authority, server=authority.issue_cert(*NAMES), client=authority.issue_cert(common_name="client"))


def _context(issued: _Issued, *, mutual: bool) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    issued.server.configure_cert(context)
    if mutual:
        issued.authority.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    return context
