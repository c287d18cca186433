"""The end of a tapped connection that faces the target."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections import deque
from typing import Protocol, cast

from docwitness.targets.decoding import Message
from docwitness.targets.framing import Body, Budget, CountedBody, Head, Splitter, body_of, parse_head
from docwitness.targets.tape import Take


class NearEnd(Protocol):
    """What the far end needs of the end that faces the sample."""

    transport: asyncio.Transport

    def write(self, data: bytes) -> None:
        """Sends to the client."""
        ...

    def write_no_more(self) -> None:
        """Half-closes towards the client."""
        ...

    def close(self, *, broken: bool) -> None:
        """Ends the connection."""
        ...


class FarEnd(asyncio.Protocol):
    """Forwards what it is given, returns what comes back, and cuts that into the responses it was told to expect."""

    def __init__(self, near: NearEnd, budget: Budget) -> None:
        self._near = near
        self._budget = budget
        self._splitter = Splitter(self)
        self._takes: deque[Take] = deque()
        """Exchanges that have no complete response yet."""
        self._interim = False
        self._unsent: list[bytes] = []
        self._sent_all = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """What was to be sent before goes out now."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(b"".join(self._unsent))
        self._unsent.clear()
        if self._sent_all:
            self.send_no_more()

    def data_received(self, data: bytes) -> None:
        """Bytes of the target; they are returned before they are looked at."""
        self._near.write(data)
        self._splitter.feed(data)

    def eof_received(self) -> bool:
        """The target sends no more, but may still read."""
        self._splitter.flush()
        self._finish_all()
        self._near.write_no_more()
        return self._can_half_close()

    def connection_lost(self, exc: Exception | None) -> None:
        """The target's side is gone; so goes the other."""
        self._splitter.flush()
        self._finish_all()
        self._near.close(broken=exc is not None)

    def pause_writing(self) -> None:
        """The target is slow: the client waits."""
        self._near.transport.pause_reading()

    def resume_writing(self) -> None:
        """The target has caught up."""
        self._near.transport.resume_reading()

    def pause_reading(self) -> None:
        """The client is slow."""
        if self._transport:
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        """The client has caught up."""
        if self._transport:
            self._transport.resume_reading()

    def expect_response(self, take: Take) -> None:
        """The next request, whose response comes after those of the requests before."""
        self._takes.append(take)

    def send(self, data: bytes) -> None:
        """Forwards bytes, as soon as there is a connection."""
        if self._transport is None:
            self._unsent.append(data)
        else:
            self._transport.write(data)

    def send_no_more(self) -> None:
        """The client's side is at its end. TLS cannot say that: there the connection ends with the last response."""
        self._sent_all = True
        if self._transport is None:
            return
        if self._can_half_close():
            end_writing(self._transport)
        elif not self._takes:
            self._transport.close()

    def close(self, *, broken: bool) -> None:
        """The client's side is gone."""
        self._finish_all()
        if self._transport is None:
            return
        if broken:
            reset(self._transport)
        else:
            self._transport.close()

    def unreachable(self, reason: str) -> None:
        """There is no connection to be had."""
        self._finish_all(unreachable=reason)

    def on_head(self, raw: bytes) -> Body:
        """A response begins; an interim one is not recorded."""
        head = parse_head(raw)
        status = head.start[1]
        self._interim = len(status) == 3 and status.startswith("1") and status != "101"
        if self._interim:
            return CountedBody(self._budget, 0)
        body = self._body(head)
        self._respond(Message(head, body))
        return body

    def on_body(self, data: bytes) -> None:
        """Part of a response's body; it has been returned to the client already."""

    def on_end(self) -> None:
        """A response is complete."""
        if self._takes and not self._interim:
            self._takes.popleft().finish()
        if self._sent_all and not self._can_half_close():
            self.send_no_more()

    def on_opaque(self) -> Body:
        """The target does not answer in HTTP."""
        body = Body(self._budget)
        self._respond(Message(None, body))
        return body

    def _respond(self, response: Message) -> None:
        if self._takes:
            self._takes[0].response = response

    def _body(self, head: Head) -> Body:
        """Responses without a length end with the connection, but for those that never have a body (RFC 9112 §6.3)."""
        request = self._takes[0].request.head if self._takes else None
        if head.start[1] in ("204", "304") or (request is not None and request.start[0] == "HEAD"):
            return CountedBody(self._budget, 0)
        return body_of(head, self._budget, without_length=Body(self._budget))

    def _can_half_close(self) -> bool:
        return self._transport is not None and self._transport.can_write_eof()

    def _finish_all(self, *, unreachable: str = "") -> None:
        while self._takes:
            self._takes.popleft().finish(unreachable=unreachable)


def reset(transport: asyncio.Transport) -> None:
    """Ends a connection with a reset, as its peer would see from a process that died."""
    connection: socket.socket | None = transport.get_extra_info("socket")
    if connection is not None and not transport.is_closing():
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def end_writing(transport: asyncio.Transport) -> None:
    """Half-closes a connection. One that its peer has reset in that moment cannot be; its loss is about to be told."""
    with contextlib.suppress(OSError):
        transport.write_eof()
