"""A proxy that makes a good write server misbehave in one named way: `python tests/apps/rewriting.py NAME URL` runs it by hand."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urlsplit

import h11

_API = ("/api/v2/", "/write")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request, its body without transfer coding."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    def with_header(self, name: str, value: str | None) -> Sent:
        headers = [(key, text) for key, text in self.headers if key.lower() != name]
        return replace(self, headers=(*headers, *([] if value is None else [(name, value)])))


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """A response."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def error(self) -> dict[str, object]:
        return dict(json.loads(self.body)) if self.body.startswith(b"{") else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way to misbehave. A request may be answered without asking the server at all."""

    request: Callable[[Sent], Sent | Got] = lambda sent: sent
    response: Callable[[Sent, Got], Got | None] = lambda _, got: got
    """None closes the connection instead."""


def refusal(status: int, code: str, message: str) -> Got:
    return Got(
        status=status, headers=(("content-type", "application/json"),), body=json.dumps({"code": code, "message": message}).encode()
    )


def query(pattern: str, to: str) -> Fault:
    """The query string is read otherwise than it is written."""
    return Fault(request=lambda sent: replace(sent, target=re.sub(pattern, to, sent.target)))


def lines(change: Callable[[list[str]], Iterable[str]]) -> Fault:
    """Other lines are stored than were sent. What is compressed stays as it is."""

    def changed(sent: Sent) -> Sent:
        if sent.header("content-encoding") not in ("", "identity"):
            return sent
        text = sent.body.decode("utf-8", "surrogateescape")
        return replace(sent, body="\n".join(change(text.split("\n"))).encode("utf-8", "surrogateescape"))

    return Fault(request=changed)


def each(pattern: str, to: str | Callable[[re.Match[str]], str]) -> Fault:
    """Something is changed in each line."""
    return lines(lambda all_lines: [re.sub(pattern, to, line) for line in all_lines])


def answered(status: int, to: int, *, with_message: str = "") -> Fault:
    """One status becomes another; 204 says that all is well."""

    def changed(_: Sent, got: Got) -> Got:
        if got.status != status or with_message not in str(got.error.get("message", "")):
            return got
        return Got(status=204) if to == 204 else replace(got, status=to)

    return Fault(response=changed)


def told(change: Callable[[dict[str, object]], dict[str, object]]) -> Fault:
    """Errors say something else."""
    return Fault(response=lambda _, got: replace(got, body=json.dumps(change(got.error)).encode()) if got.error else got)


def refused(when: Callable[[Sent], bool], got: Got) -> Fault:
    """Some requests are refused that should not be."""
    return Fault(request=lambda sent: got if when(sent) else sent)


def header(name: str, change: Callable[[str], str | None]) -> Fault:
    """A header is read otherwise than it is written."""
    return Fault(request=lambda sent: sent.with_header(name, change(sent.header(name))) if sent.header(name) else sent)


def _has(name: str) -> Callable[[Sent], bool]:
    return lambda sent: f"{name}=" in sent.target


_INVALID = refusal(400, "invalid", "no")
_TIME = r"(?<= )(\d+)$"

FAULTS: dict[str, Fault] = {
    "ignores precision": query(r"&precision=\w*", ""),
    "reads seconds as milliseconds": query("precision=s(?=&|$)", "precision=ms"),
    "reads microseconds as nanoseconds": query("precision=us(?=&|$)", "precision=ns"),
    "takes seconds for the default": query(r"^((?!precision).)*$", r"\g<0>&precision=s"),
    "does not know nanoseconds": refused(lambda sent: "precision=ns" in sent.target, _INVALID),
    "does not know the long names of units": refused(lambda sent: "precision=second" in sent.target, _INVALID),
    "takes minutes": answered(400, 204, with_message="unknown variant `m`"),
    "takes any unit": answered(400, 204, with_message="unknown variant"),
    "takes a parameter twice": answered(400, 204, with_message="duplicate field"),
    "reads Bucket as bucket": query("Bucket=", "bucket="),
    "takes an empty bucket": answered(400, 204, with_message="missing bucket"),
    "takes a request without a query string": answered(400, 204, with_message="no org/bucket"),
    "takes any name of a database": answered(400, 204, with_message="namespace name"),
    "needs an organization": refused(lambda sent: "org=" not in sent.target, refusal(400, "invalid", "org is missing")),
    "knows organizations": refused(_has("org"), refusal(404, "not found", "organization not found")),
    "writes to db": query(r"bucket=[^&]*(.*&db=)", r"\1"),
    "looks for a retention policy": refused(_has("rp"), refusal(404, "not found", "retention policy not found")),
    "takes any token": answered(403, 204, with_message="invalid token"),
    "takes a request without a token": answered(401, 204),
    "takes any database": answered(403, 204, with_message="forbidden"),
    "knows schemes in any case": header("authorization", lambda value: re.sub("^bearer", "Bearer", value)),
    "does not know Token": header("authorization", lambda value: None if value.startswith("Token") else value),
    "does not know Basic": header("authorization", lambda value: None if value.startswith("Basic") else value),
    "confuses 401 and 403": answered(401, 403),
    "confuses 403 and 401": answered(403, 401),
    "forgets gzip": header("content-encoding", lambda value: None if value == "gzip" else value),
    "does not know identity": header("content-encoding", lambda value: "none" if value == "identity" else value),
    "takes any encoding": answered(415, 204),
    "answers 400 for 415": answered(415, 400),
    "needs text/plain": refused(
        lambda sent: not sent.header("content-type").startswith("text/plain"), refusal(415, "unsupported media type", "no")
    ),
    "honors Accept": refused(lambda sent: "csv" in sent.header("accept"), refusal(406, "not acceptable", "no")),
    "honors User-Agent": refused(lambda sent: "collector" in sent.header("user-agent"), refusal(403, "forbidden", "no robots")),
    "chokes on Zap-Trace-Span": refused(lambda sent: bool(sent.header("zap-trace-span")), refusal(500, "internal error", "no")),
    "does not take chunked bodies": refused(lambda sent: bool(sent.header("transfer-encoding")), refusal(411, "invalid", "no")),
    "takes bodies of any size": answered(413, 204),
    "takes bytes that are no text": answered(400, 204, with_message="not valid utf8"),
    "takes bad lines": answered(400, 204, with_message="error parsing line"),
    "takes types that differ": answered(400, 204, with_message="Could not insert"),
    "takes any number of columns": answered(400, 204, with_message="service limit"),
    "takes points that are too old": answered(422, 204),
    "answers 200 for 204": answered(204, 200),
    "answers 201 for 204": answered(204, 201),
    "answers 500 for 400": answered(400, 500),
    "answers 405 for 404": answered(404, 405),
    "drops line": told(lambda error: {key: value for key, value in error.items() if key != "line"}),
    "drops code": told(lambda error: {key: value for key, value in error.items() if key != "code"}),
    "drops message": told(lambda error: error | {"message": ""}),
    "counts lines from 0": told(lambda error: error | ({"line": int(str(error["line"])) - 1} if "line" in error else {})),
    "has other codes": told(lambda error: error | {"code": "bad request" if error["code"] == "invalid" else error["code"]}),
    "has other texts": told(lambda error: error | {"message": str(error["message"]).replace("missing bucket value", "no bucket")}),
    "has errors in text/plain": Fault(
        response=lambda _, got: replace(got, headers=(("content-type", "text/plain"),)) if got.status >= 400 else got
    ),
    "has errors in HTML": Fault(
        response=lambda _, got: replace(got, headers=(("content-type", "text/html"),), body=b"<h1>no</h1>") if got.error else got
    ),
    "closes instead of refusing": Fault(response=lambda _, got: None if got.status == 400 else got),
    "stores nothing": Fault(request=lambda sent: Got(status=204) if sent.method == "POST" and b"=" in sent.body else sent),
    "loses the last line": lines(lambda all_lines: all_lines[:-1] if len(all_lines) > 1 else all_lines),
    "loses the first line": lines(lambda all_lines: all_lines[1:] if len(all_lines) > 1 else all_lines),
    "keeps one field": each(r"(?<= )(\w+=[^, ]+),[^ ]+", r"\1"),
    "swaps fields": each(r"temp=([^, ]+),hum=([^, ]+)", r"temp=\2,hum=\1"),
    "drops tags": each(r"^(\w+),[^ ]+", r"\1"),
    "lower-cases tags": each(r"(?<=room=)[^ ,]+", lambda match: match[0].lower()),
    "stores integers as floats": each(r"(?<==)(\d+)i\b", r"\1"),
    "rounds floats": each(r"(?<==)(\d+)\.\d+", r"\1.0"),
    "renames fields": each("temp=", "temperature="),
    "is an hour late": each(r"(?<= )(\d{10})$", lambda match: str(int(match[1]) + 3600)),
    "drops times": each(_TIME, ""),
    "doubles points": lines(lambda all_lines: [*all_lines, *(re.sub(_TIME, r"\g<1>1", line) for line in all_lines)]),
}


async def _received(connection: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> list[h11.Event]:
    """The events of one message."""
    events: list[h11.Event] = []
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            if connection.they_are_waiting_for_100_continue:
                writer.write(connection.send(h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue")) or b"")
            connection.receive_data(await reader.read(65536))
        elif isinstance(event, h11.ConnectionClosed) or event is h11.PAUSED:
            return []
        else:
            assert isinstance(event, h11.Event)
            events.append(event)
            if isinstance(event, h11.EndOfMessage):
                return events


def _headers(event: h11.Request | h11.Response) -> tuple[tuple[str, str], ...]:
    raw = event.headers.raw_items()
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)


def _body(events: Iterable[h11.Event]) -> bytes:
    return b"".join(bytes(event.data) for event in events if isinstance(event, h11.Data))


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


class Rewriting:
    """The proxy; its fault can be changed between requests, and it lets everything but the API pass as it is."""

    def __init__(self, host: str, port: int) -> None:
        self._far = (host, port)
        self.fault = Fault()
        self.port = 0
        self._open: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Rewriting]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in self._open:
                task.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._exchange(reader, writer)
        finally:
            await _closed(writer)
            self._open.discard(task)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One exchange; the connection closes after it."""
        near = h11.Connection(h11.SERVER)
        try:
            events = await _received(near, reader, writer)
            if events and isinstance(events[0], h11.Request):
                got = await self._exchanged(events[0], _body(events))
                if got is not None:
                    kept = [(name, value) for name, value in got.headers if name.lower() not in ("content-length", "connection")]
                    length = [] if got.status == 204 else [("content-length", str(len(got.body)))]
                    response = h11.Response(
                        status_code=got.status,
                        reason=HTTPStatus(got.status).phrase.encode(),
                        headers=[*kept, *length, ("connection", "close")],
                    )
                    writer.write(near.send(response) or b"")
                    if got.status != 204:
                        writer.write(near.send(h11.Data(data=got.body)) or b"")
                    writer.write(near.send(h11.EndOfMessage()) or b"")
                    await writer.drain()
        except (ConnectionError, h11.RemoteProtocolError):
            return

    async def _exchanged(self, request: h11.Request, body: bytes) -> Got | None:
        target = request.target.decode("latin-1")
        sent: Sent | Got = Sent(method=request.method.decode(), target=target, headers=_headers(request), body=body)
        concerned = target.startswith(_API)
        assert isinstance(sent, Sent)
        asked = self.fault.request(sent) if concerned else sent
        if isinstance(asked, Got):
            return asked
        got = await self._asked(asked)
        return self.fault.response(asked, got) if concerned else got

    async def _asked(self, sent: Sent) -> Got:
        reader, writer = await asyncio.open_connection(*self._far)
        far = h11.Connection(h11.CLIENT)
        dropped = ("content-length", "transfer-encoding", "expect", "connection")
        headers = [(name, value) for name, value in sent.headers if name.lower() not in dropped]
        length = [("content-length", str(len(sent.body)))] if sent.body or sent.method == "POST" else []
        request = h11.Request(
            method=sent.method,
            target=sent.target.encode("latin-1"),
            headers=[
                (name.encode("latin-1"), value.encode("latin-1")) for name, value in (*headers, *length, ("connection", "close"))
            ],
        )
        try:
            for event in (request, h11.Data(data=sent.body), h11.EndOfMessage()):
                writer.write(far.send(event) or b"")
            events = await _received(far, reader, writer)
        finally:
            await _closed(writer)
        assert events
        assert isinstance(events[0], h11.Response)
        return Got(status=events[0].status_code, headers=_headers(events[0]), body=_body(events))


async def _by_hand(name: str, url: str) -> None:
    address = urlsplit(url)
    async with Rewriting(address.hostname or "127.0.0.1", address.port or 80).running() as proxy:
        proxy.fault = FAULTS[name]
        print(f"http://127.0.0.1:{proxy.port} {name}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_by_hand(sys.argv[1], sys.argv[2]))
