"""One tapped connection: its bytes go to the target and back as they are, and its exchanges go on the tape."""

from __future__ import annotations

import asyncio
import time
from typing import cast

from docwitness.exchange import RefusedHost
from docwitness.reach import HERE, Reach
from docwitness.targets.base import Upstream
from docwitness.targets.decoding import Message
from docwitness.targets.destination import named_host, rewritten
from docwitness.targets.far_end import FarEnd, end_writing, reset
from docwitness.targets.framing import Body, Budget, CountedBody, Splitter, body_of, parse_head
from docwitness.targets.tape import Tape
from docwitness.targets.tls import tls_context

_CONNECT_LIMIT_S = 10.0


class Tap(asyncio.Protocol):
    """The end of a connection that faces the sample; opens the far end when there is something to forward."""

    transport: asyncio.Transport

    def __init__(
        self, upstream: Upstream, own_addresses: frozenset[str], tape: Tape, open_taps: set[Tap], reach: Reach = HERE
    ) -> None:
        self._upstream = upstream
        self._own_addresses = own_addresses
        self._tape = tape
        self._open_taps = open_taps
        self._reach = reach
        self._splitter = Splitter(self)
        self._far = FarEnd(self, tape.budget)
        self._connecting: asyncio.Task[None] | None = None
        self._began_ns = 0
        self._refused = False
        self._broken = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A sample has connected, or a stranger, who is not served."""
        self.transport = cast("asyncio.Transport", transport)
        self._open_taps.add(self)
        if not self._reach.admits(self._client()):
            self.close(broken=True)

    def data_received(self, data: bytes) -> None:
        """Bytes of the client."""
        if self._splitter.between:
            self._began_ns = time.time_ns()
        self._splitter.feed(data)

    def eof_received(self) -> bool:
        """The client sends no more, but may still read."""
        self._splitter.flush()
        if self._connecting is None:
            return False
        self._far.send_no_more()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """The client's side is gone; so goes the other."""
        if self._connecting:
            self._connecting.cancel()
        self._far.close(broken=self._broken or exc is not None)
        self._open_taps.discard(self)

    def pause_writing(self) -> None:
        """The client is slow: the target waits."""
        self._far.pause_reading()

    def resume_writing(self) -> None:
        """The client has caught up."""
        self._far.resume_reading()

    def write(self, data: bytes) -> None:
        """Sends to the client what the target sent."""
        if not self.transport.is_closing():
            self.transport.write(data)

    def write_no_more(self) -> None:
        """The target sends no more, but may still read."""
        end_writing(self.transport)

    def close(self, *, broken: bool) -> None:
        """Ends the connection; a broken one as a server ends it that refuses or resets."""
        if broken:
            self._broken = True
            reset(self.transport)
        else:
            self.transport.close()

    def on_head(self, raw: bytes) -> Body:
        """A request begins: it is forwarded, or refused when it is for another host."""
        head = parse_head(raw)
        host = named_host(head)
        if host is not None and host.lower() not in self._own_addresses:
            return self._refuse(host)
        nothing = CountedBody(self._tape.budget, 0)
        if head.start[0] == "CONNECT":
            self.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            return nothing
        body = body_of(head, self._tape.budget, without_length=nothing)
        self._begin(Message(head, body))
        self._forward(rewritten(head, self._upstream))
        return body

    def on_body(self, data: bytes) -> None:
        """Part of a request's body."""
        if not self._refused:
            self._forward(data)

    def on_end(self) -> None:
        """A request is complete; what follows begins the next."""
        self._began_ns = time.time_ns()

    def on_opaque(self) -> Body:
        """The client does not speak HTTP; that is for the target to answer."""
        body = Body(self._tape.budget)
        self._begin(Message(None, body))
        return body

    def _begin(self, request: Message) -> None:
        self._far.expect_response(self._tape.begin(request, self._began_ns, self._client()))

    def _client(self) -> str:
        address, *_ = self.transport.get_extra_info("peername") or ("",)
        return str(address)

    def _refuse(self, host: str) -> Body:
        self._refused = True
        self._tape.refuse(RefusedHost(host=host))
        text = f"docwitness: a sample may reach only its target, and {host} is not it\n".encode("latin-1")
        head = f"HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\ncontent-length: {len(text)}\r\nconnection: close\r\n\r\n"
        self.write(head.encode() + text)
        return Body(Budget(0))

    def _forward(self, data: bytes) -> None:
        if self._connecting is None:
            self.transport.pause_reading()
            self._connecting = asyncio.get_running_loop().create_task(self._connect())
        self._far.send(data)

    async def _connect(self) -> None:
        upstream = self._upstream
        tls = tls_context() if upstream.tls else None
        try:
            async with asyncio.timeout(_CONNECT_LIMIT_S):
                await asyncio.get_running_loop().create_connection(lambda: self._far, upstream.host, upstream.port, ssl=tls)
        except TimeoutError:
            self._give_up(f"no connection within {_CONNECT_LIMIT_S:g} s")
        except OSError as error:
            self._give_up(str(error))
        else:
            self.transport.resume_reading()

    def _give_up(self, reason: str) -> None:
        self._far.unreachable(reason)
        self.close(broken=True)
