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

from docwitness.reach import HERE, Reach
from docwitness.targets.relay import relay

if TYPE_CHECKING:
    from trustme import CA, LeafCert

NAMES = ("127.0.0.1", "localhost", "gateway.example.com")
"""What its certificate is for, besides the host of its URLs.

The last one is for clients that are told which name to expect: it leads nowhere.
"""
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
async def gateway(port: int, folder: Path, reach: Reach = HERE) -> AsyncIterator[Gateway]:
    """Leads to a loopback port while it is entered, for samples with that reach; the files are put below `folder`."""
    issued = _issued()
    server = _certificate(reach.host)
    async with (
        relay(port, tls=_context(server), reach=reach) as tls_port,
        relay(port, tls=_context(server, trusted=issued.authority), reach=reach) as mtls_port,
    ):
        files = folder / _FOLDER
        files.mkdir(exist_ok=True)
        made = Gateway(
            url=f"https://{reach.host}:{tls_port}",
            mtls_url=f"https://{reach.host}:{mtls_port}",
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
    client: LeafCert


@cache
def _issued() -> _Issued:
    """Made once: all gateways of a run are alike."""
    import trustme  # noqa: PLC0415 - slow to import, and few pages need it

    authority = trustme.CA()
    # with a name among the alternative ones: a certificate with none there is refused by those who read RFC 5280 strictly
    return _Issued(authority=authority, client=authority.issue_cert("client.example.com"))


@cache
def _certificate(host: str) -> LeafCert:
    return _issued().authority.issue_cert(*NAMES, *({host} - {*NAMES}))


def _context(server: LeafCert, *, trusted: CA | None = None) -> ssl.SSLContext:
    """Clients need a certificate of the `trusted` authority, where there is one."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.configure_cert(context)
    if trusted is not None:
        trusted.configure_trust(context)
        context.verify_flags |= ssl.VERIFY_X509_STRICT  # the default from Python 3.13 on: the same gateway on each
        context.verify_mode = ssl.CERT_REQUIRED
    return context
