"""One connection: uvicorn's h11 protocol, with the limits and the endings that it leaves to a proxy."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from docwitness.server.asgi import CLIENT_GONE, LONE_MARK, UPLOAD_BROKEN, Response
from docwitness.server.errors import OVERLOADED

LOGGER = logging.getLogger("docwitness.server.connection")
_UVICORN = LOGGER.getChild("uvicorn")
_UVICORN.setLevel(logging.ERROR)  # Its warnings are about what clients sent, which the access log tells.
LONGEST_HEAD = 128 * 1024
"""Bytes. The original router takes more, four times as much for each connection."""
_PHRASES = {413: b"Payload Too Large", 414: b"URI Too Long", 422: b"Unprocessable Entity"}
"""Where those of Python change with its version; clients log them (hyperium/http, `src/status.rs`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """Bounds on connections; times in seconds."""

    connections: int = 512
    head_s: float = 20.0
    """From the first byte of a head to its end; also for what is left of a body after an early answer."""
    idle_s: float = 75.0
    """Between two requests."""
    stalled_s: float = 30.0
    """How long a client may leave answers unread once all buffers are full."""
    linger_s: float = 2.0
    """How long a client that was answered early may go on sending, so that it reads the answer before a reset reaches it."""


class LingeringTransport:
    """A transport whose `close` first ends our side, and reads on while the client has not finished (RFC 9112 §9.6)."""

    def __init__(self, transport: asyncio.Transport, unfinished: Callable[[], bool], linger_s: float) -> None:
        self._transport = transport
        self._unfinished = unfinished
        self._linger_s = linger_s
        self.lingering: asyncio.TimerHandle | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def is_closing(self) -> bool:
        """True as soon as `close` was called."""
        return self.lingering is not None or self._transport.is_closing()

    def close(self) -> None:
        """Closes, now or after the lingering time."""
        if self.is_closing() or not self._unfinished():
            self._transport.close()
            return
        try:
            self._transport.write_eof()
        except OSError:  # the client has reset the connection in this moment
            self._transport.abort()
            return
        self._transport.resume_reading()
        self.lingering = asyncio.get_running_loop().call_later(self._linger_s, self._transport.abort)

    def stop(self) -> None:
        """The connection is gone."""
        if self.lingering is not None:
            self.lingering.cancel()


class Framing(h11.Connection):
    """Reads heads and writes status lines as the original router does, where h11 and ASGI do otherwise."""

    def __init__(self, state: dict[str, Any]) -> None:
        """`state` is that of the requests, which tells what their scopes do not."""
        super().__init__(h11.SERVER, LONGEST_HEAD)
        self._state = state

    def next_event(self) -> type[h11.NEED_DATA | h11.PAUSED] | h11.Event:
        """The next one."""
        event = super().next_event()
        if isinstance(event, h11.Request):
            self._state[LONE_MARK] = event.target.endswith(b"?")
        return event

    def send(self, event: h11.Event) -> bytes | None:  # type: ignore[override]
        """The bytes of an event."""
        if isinstance(event, h11.Response) and (phrase := _PHRASES.get(event.status_code)):
            event = h11.Response(status_code=event.status_code, headers=event.headers.raw_items(), reason=phrase)
        return super().send(event)


class Connection(H11Protocol):
    """Keeps the time of heads, unread answers and idle clients; answers uploads that break off; lets half-closed clients read."""

    def __init__(self, config: Config, server_state: ServerState, limits: ConnectionLimits) -> None:
        super().__init__(config=config, server_state=server_state, app_state={})
        self.conn = Framing(self.app_state)
        self.logger = _UVICORN
        self.access_log = False
        self._limits = limits
        self._timer: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._ended = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection too many is told so, and closed."""
        self._lingering = LingeringTransport(transport, self._unfinished, self._limits.linger_s)
        super().connection_made(self._lingering)  # type: ignore[arg-type]
        if len(self.connections) > self._limits.connections:
            transport.write(_refusal())
            transport.close()
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing of it stays."""
        self._lingering.stop()
        for timer in (self._timer, self._stalled):
            if timer is not None:
                timer.cancel()
        if self._in_request():
            self.cycle.scope["state"][CLIENT_GONE] = True
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """What comes after the end of our side is thrown away."""
        if not self.transport.is_closing():
            super().data_received(data)
            self._watch()

    def eof_received(self) -> bool:  # type: ignore[override]
        """A client that has ended its side may still read the answers."""
        self._ended = True
        self._finish()
        return not self.transport.is_closing()

    def on_response_complete(self) -> None:
        """Goes on with what was pipelined; closes when nothing can follow."""
        super().on_response_complete()
        if self._ended:
            self._finish()
        self._watch()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """Broken framing: of a body, its request is answered; of a head, the answer is the empty one of the original router."""
        if self._in_request():
            self._break_off()
            return
        too_long = len(self.conn.trailing_data[0]) > LONGEST_HEAD
        status, reason = (431, b"Request Header Fields Too Large") if too_long else (400, b"Bad Request")
        response = h11.Response(status_code=status, headers=[("content-length", "0")], reason=reason)
        for event in (response, h11.EndOfMessage()):
            self.transport.write(self.conn.send(event))
        self.transport.close()

    def pause_writing(self) -> None:
        """Starts the time of a client that does not read."""
        super().pause_writing()
        self._stalled = self.loop.call_later(self._limits.stalled_s, self.transport.abort)

    def resume_writing(self) -> None:
        """It reads again."""
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()

    def _in_request(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _unfinished(self) -> bool:
        """Whether the client may still be sending, as far as it told us."""
        return not self._ended and self.conn.their_state in {h11.SEND_BODY, h11.ERROR}

    def _finish(self) -> None:
        """After the client's end: nothing more comes."""
        if self._in_request() and self.conn.their_state is h11.SEND_BODY:
            self._break_off()
        elif not self._in_request():
            self.transport.close()

    def _break_off(self) -> None:
        """Lets the application know that the rest of the body will not come, while it can still answer."""
        self.cycle.scope["state"][UPLOAD_BROKEN] = True
        self.cycle.keep_alive = False
        self.cycle.message_event.set()

    def _watch(self) -> None:
        """Gives the client its time to finish a head that it has begun, or a body that was answered early."""
        late = not self._in_request() and not self.transport.is_closing() and self._begun()
        if late and self._timer is None:
            self._timer = self.loop.call_later(self._limits.head_s, self.transport.close)
        elif self._timer is not None and not late:
            self._timer.cancel()
            self._timer = None

    def _begun(self) -> bool:
        return self.conn.their_state is not h11.IDLE or bool(self.conn.trailing_data[0])


def _refusal() -> bytes:
    """The whole answer to a connection too many."""
    response = Response.error(OVERLOADED.error())
    head = f"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\ncontent-length: {len(response.body)}\r\n\r\n"
    return head.encode() + response.body
