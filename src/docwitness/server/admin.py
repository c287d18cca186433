"""The administration API: databases, tokens, and reading points back. It is outside the documented API.

What an endpoint refuses, it raises as `ApiError`, which the application answers.
"""

from __future__ import annotations

import hmac
import ipaddress
import json
import math
from collections.abc import AsyncIterator, Callable, Iterator
from threading import Event
from typing import TypeGuard

from docwitness import __version__
from docwitness.server import body
from docwitness.server.asgi import CLIENT_GONE, NO_CONTENT, Request, Response
from docwitness.server.auth import PERMISSIONS, header_token
from docwitness.server.databases import Databases
from docwitness.server.endpoint import Call, Context
from docwitness.server.errors import ADMIN_CLOSED, ADMIN_TOKEN, EXISTS, NO_SUCH, UNREADABLE_JSON
from docwitness.server.journal import DatabaseSettings
from docwitness.server.point import Point
from docwitness.server.query import Parameter, pairs

LARGEST_BODY = 64 * 1024
MOST_TOKENS = 10
"""That come with a new database."""
RETENTION_END_S = 2**33
"""Retention is shorter, so that the oldest time within it is one that nanoseconds can say."""
_BYTES_AT_ONCE = 65536
"""Of an answer; more only where a single point is longer."""
TABLE = Parameter(name="table", description="Only the points of that table.")


def check_access(context: Context, request: Request) -> None:
    """Raises `ApiError` unless the request may administer the server.

    Without an administration token only this machine may; and no web page in its browser, which could reach a
    loopback address under a name of its own (DNS rebinding) or post across origins.
    """
    if context.admin_token is not None:
        given = header_token(request.header(b"authorization")) or b""
        if not hmac.compare_digest(given, context.admin_token.encode()):
            raise ADMIN_TOKEN.error()
        return
    # A page can make a browser ask without an origin, as for an image; browsers tell that (w3.org/TR/fetch-metadata).
    site = request.header(b"sec-fetch-site")
    host = (request.header(b"host") or b"localhost").decode("latin-1")
    trusted = _names_this_machine(host) and request.header(b"origin") is None and site in {None, b"none"}
    if not (context.local_admin and trusted and is_loopback(request.peer)):
        raise ADMIN_CLOSED.error()


def _names_this_machine(host: str) -> bool:
    """Whether a `Host` header has a loopback address, or the one name that leads to it everywhere."""
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return name.lower() == "localhost" or ("%" not in name and is_loopback(name.removeprefix("[").removesuffix("]")))


def is_loopback(address: str) -> bool:
    """Whether it is an address of this machine only; False for a name."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return (mapped or parsed).is_loopback


async def describe_server(call: Call) -> Response:
    """`GET /admin/server`: whom a client talks to."""
    return Response.json(200, {"name": "docwitness", "version": __version__, "profile": call.context.profile.name})


async def create_database(call: Call) -> Response:
    """`POST /admin/databases`, with tokens for it where they are asked for: one request makes all that a test needs."""
    wanted = await _json(call)
    name, grants = _text(wanted, "name"), _grants(wanted)
    settings = DatabaseSettings(retention_s=_retention(wanted), partial_writes=_flag(wanted, "partial_writes"))
    tokens = await call.context.workers.run(call.context.databases.create_granted, name, settings, grants)
    if tokens is None:
        raise EXISTS.error(name=name)
    made: dict[str, object] = {"name": name, "retention_s": settings.retention_s, "partial_writes": settings.partial_writes}
    if grants:
        made["tokens"] = [{"id": token_id, "token": token} for token_id, token in tokens]
    return Response.json(201, made)


async def list_databases(call: Call) -> Response:
    """`GET /admin/databases`."""
    rows = [
        {"name": name, "retention_s": settings.retention_s, "partial_writes": settings.partial_writes}
        for name, settings in sorted(call.context.databases.settings.items())
    ]
    return Response.json(200, {"databases": rows})


async def delete_database(call: Call) -> Response:
    """`DELETE /admin/databases/{name}`."""
    (name,) = call.words
    if not await call.context.workers.run(call.context.databases.delete_database, name):
        raise NO_SUCH.error(what=f"database {name}")
    return NO_CONTENT


async def create_token(call: Call) -> Response:
    """`POST /admin/tokens`: the one time that the token is shown."""
    wanted = await _json(call)
    database, permissions = _text(wanted, "database"), wanted.get("permissions", sorted(PERMISSIONS))
    if not _is_grant(permissions):
        raise UNREADABLE_JSON.error(reason="`permissions` is a list of `read` and `write`")
    try:
        token_id, token = await call.context.workers.run(call.context.databases.create_token, database, permissions)
    except KeyError:
        raise NO_SUCH.error(what=f"database {database}") from None
    return Response.json(201, {"id": token_id, "token": token})


async def list_tokens(call: Call) -> Response:
    """`GET /admin/tokens`: never the tokens themselves."""
    rows = [
        {"id": token.id, "database": token.database, "permissions": sorted(token.permissions)}
        for token in call.context.databases.stored_tokens
    ]
    return Response.json(200, {"tokens": rows})


async def delete_token(call: Call) -> Response:
    """`DELETE /admin/tokens/{id}`: it is refused from then on."""
    (token_id,) = call.words
    if not await call.context.workers.run(call.context.databases.delete_token, token_id):
        raise NO_SUCH.error(what=f"token {token_id}")
    return NO_CONTENT


async def show_points(call: Call) -> Response:
    """`GET /admin/databases/{name}/points`: newline-delimited JSON, one point a line."""
    (name,) = call.words
    table = dict(pairs(call.request.query or b"")).get(TABLE.name)
    if name not in call.context.databases.settings:
        raise NO_SUCH.error(what=f"database {name}")
    await call.kept.enter_async_context(call.context.readings.one())
    answered = Event()
    call.kept.callback(answered.set)

    def given_up() -> bool:
        return answered.is_set() or bool(call.request.state.get(CLIENT_GONE))

    try:  # All are sorted before the first is sent: without room for that, the answer is a clear error.
        points, first = await call.context.workers.run_reading(_begun, call.context.databases, name, table, given_up)
    except KeyError:
        raise NO_SUCH.error(what=f"database {name}") from None
    headers = ((b"content-type", b"application/x-ndjson"),)
    return Response(status=200, headers=headers, stream=_lines(call.context, first, points))


def _begun(databases: Databases, name: str, table: str | None, given_up: Callable[[], bool]) -> tuple[Iterator[Point], bytes]:
    points = databases.points(name, table, given_up)
    return points, _batch(points)


async def _lines(context: Context, batch: bytes, points: Iterator[Point]) -> AsyncIterator[bytes]:
    """Some points at a time, each batch made in a thread."""
    while batch:
        yield batch
        batch = await context.workers.run_reading(_batch, points)


def _batch(points: Iterator[Point]) -> bytes:
    batch = bytearray()
    for point in points:
        batch += _row(point)
        if len(batch) > _BYTES_AT_ONCE:
            break
    return bytes(batch)


def _row(point: Point) -> bytes:
    fields = {key: {kind: _number(value)} for key, kind, value in point.fields}
    row = {"table": point.table, "tags": dict(point.tags), "fields": fields, "time_ns": point.time_ns}
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _number(value: float | str | bool) -> float | str | bool:
    """JSON has no infinities."""
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value


async def _json(call: Call) -> dict[str, object]:
    content = await body.read(call.request, limit=LARGEST_BODY, seconds=call.context.body_s, hold=call.hold)
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        raise UNREADABLE_JSON.error(reason="it does not parse") from None
    if not isinstance(value, dict):
        raise UNREADABLE_JSON.error(reason="it is something else")
    return value


def _text(wanted: dict[str, object], key: str) -> str:
    value = wanted.get(key)
    if not isinstance(value, str) or not _is_unicode(value):
        raise UNREADABLE_JSON.error(reason=f"`{key}` is a text")
    return value


def _is_grant(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and bool(value) and all(word in sorted(PERMISSIONS) for word in value)


def _grants(wanted: dict[str, object]) -> list[list[str]]:
    """The permissions of each token that a new database is to have."""
    value = wanted.get("tokens", [])
    if not isinstance(value, list) or len(value) > MOST_TOKENS or not all(_is_grant(grant) for grant in value):
        raise UNREADABLE_JSON.error(reason=f"`tokens` is a list of at most {MOST_TOKENS} lists of `read` and `write`")
    return value


def _is_unicode(text: str) -> bool:
    """False for the lone surrogates that JSON can spell."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _flag(wanted: dict[str, object], key: str) -> bool | None:
    value = wanted.get(key)
    if value is not None and not isinstance(value, bool):
        raise UNREADABLE_JSON.error(reason=f"`{key}` is true or false")
    return value


def _retention(wanted: dict[str, object]) -> int | None:
    value = wanted.get("retention_s")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < RETENTION_END_S:
        raise UNREADABLE_JSON.error(reason=f"`retention_s` is a whole number of seconds above 0 and below {RETENTION_END_S}")
    return value
