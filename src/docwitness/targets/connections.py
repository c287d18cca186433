"""Sends the requests of an httpx client over connections that are used again, at less than half the cost of its own transport.

A run asks the administration API for thousands of scopes. This is HTTP/1.1 only, and whole bodies only.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl

import h11
import httpx

from docwitness.targets.tls import tls_context

_PIECE = 65536
_PATIENCE_S = 10.0
"""For one whole exchange."""


def client_of(url: str, token: str | None = None) -> httpx.AsyncClient:
    """A client of the server at that address, which shows it the token; entered, and left in the end."""
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    return httpx.AsyncClient(base_url=url, headers=headers, timeout=_PATIENCE_S, transport=Connections())


class _Connection:
    """One exchange at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._protocol = h11.Connection(h11.CLIENT)

    @property
    def stale(self) -> bool:
        """Whether the server has ended it."""
        return self._reader.at_eof() or self._writer.is_closing()

    async def exchange(self, request: httpx.Request, content: bytes) -> httpx.Response:
        head = h11.Request(method=request.method, target=request.url.raw_path, headers=request.headers.raw)
        pieces = [self._protocol.send(head), self._protocol.send(h11.Data(data=content)), self._protocol.send(h11.EndOfMessage())]
        self._writer.write(b"".join(piece for piece in pieces if piece))
        response, body = None, bytearray()
        while not isinstance(event := await self._event(), h11.EndOfMessage):
            if isinstance(event, h11.Response):
                response = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.ConnectionClosed):
                raise httpx.RemoteProtocolError("the server ended the connection without an answer", request=request)
        assert response is not None, "h11 gives the head before the end"
        return httpx.Response(response.status_code, headers=list(response.headers.raw_items()), content=bytes(body))

    async def _event(self) -> object:
        while (event := self._protocol.next_event()) is h11.NEED_DATA:
            self._protocol.receive_data(await self._reader.read(_PIECE))
        return event

    def can_go_on(self) -> bool:
        """Makes it ready for the next exchange, where both sides allow one."""
        if self._protocol.our_state is not h11.DONE or self._protocol.their_state is not h11.DONE:
            return False
        self._protocol.start_next_cycle()
        return True

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(OSError):  # what was broken before is closed now
            await self._writer.wait_closed()


class Connections(httpx.AsyncBaseTransport):
    """For an `httpx.AsyncClient`, whose time limit for reading holds for a whole exchange here."""

    def __init__(self) -> None:
        self._idle: list[_Connection] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises `httpx.TransportError`, as transports do."""
        content = await request.aread()
        limit_s = request.extensions.get("timeout", {}).get("read")
        try:
            async with asyncio.timeout(limit_s):
                connection = await self._connected(request.url)
                try:
                    response = await connection.exchange(request, content)
                except BaseException:
                    await connection.close()
                    raise
        except TimeoutError as error:
            raise httpx.ReadTimeout(f"no answer within {limit_s} s", request=request) from error
        except OSError as error:
            raise httpx.ConnectError(_reason(error), request=request) from error
        except h11.ProtocolError as error:
            raise httpx.RemoteProtocolError(str(error), request=request) from error
        if connection.can_go_on():
            self._idle.append(connection)
        else:
            await connection.close()
        return response

    async def aclose(self) -> None:
        """Closes all that are idle."""
        while self._idle:
            await self._idle.pop().close()

    async def _connected(self, url: httpx.URL) -> _Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.stale:
                return connection
            await connection.close()
        secure = url.scheme == "https"
        port = url.port or (443 if secure else 80)
        return _Connection(*await asyncio.open_connection(url.host, port, ssl=tls_context() if secure else None))


def _reason(error: OSError) -> str:
    """In words; asyncio only names the call that failed, and errors of TLS have numbers of their own."""
    if isinstance(error, ssl.SSLError) or error.errno is None or error.errno <= 0:
        return str(error)
    return os.strerror(error.errno)
