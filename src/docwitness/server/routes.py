"""All endpoints, as data: what is routed, and what the description of the API says."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

from docwitness.server import admin, delete, status, write
from docwitness.server.asgi import Response
from docwitness.server.endpoint import Answer, Call, Endpoint
from docwitness.server.errors import (
    ADMIN_ERRORS,
    DELETES,
    EXISTS,
    NAME_CHARACTER,
    NAME_LENGTH,
    NO_SUCH,
    WRITE_ERRORS,
    WRITE_V1_ERRORS,
)
from docwitness.server.openapi import described
from docwitness.server.profiles import Profile
from docwitness.server.query import V1_QUERY, V2_QUERY

_TEXT: dict[str, object] = {"type": "string"}
_PERMISSIONS: dict[str, object] = {"type": "array", "items": {"type": "string", "enum": ["read", "write"]}, "minItems": 1}
_PROPERTIES: dict[str, object] = {
    "name": _TEXT,
    "retention_s": {"type": ["integer", "null"], "exclusiveMinimum": 0, "exclusiveMaximum": admin.RETENTION_END_S},
    "partial_writes": {"type": ["boolean", "null"]},
}
_SETTINGS: dict[str, object] = {"type": "object", "required": ["name"], "properties": _PROPERTIES}
_TOKEN_WANTED: dict[str, object] = {
    "type": "object",
    "required": ["database"],
    "properties": {"database": _TEXT, "permissions": _PERMISSIONS},
}
_TOKEN_MADE: dict[str, object] = {"type": "object", "required": ["id", "token"], "properties": {"id": _TEXT, "token": _TEXT}}
_DATABASE_WANTED: dict[str, object] = {
    **_SETTINGS,
    "properties": {**_PROPERTIES, "tokens": {"type": "array", "items": _PERMISSIONS, "maxItems": admin.MOST_TOKENS}},
}
_DATABASE_MADE: dict[str, object] = {**_SETTINGS, "properties": {**_PROPERTIES, "tokens": {"type": "array", "items": _TOKEN_MADE}}}
_TOKEN_KEPT: dict[str, object] = {
    "type": "object",
    "required": ["id", "database", "permissions"],
    "properties": {"id": _TEXT, "database": _TEXT, "permissions": _PERMISSIONS},
}
_SERVER: dict[str, object] = {
    "type": "object",
    "required": ["name", "version", "profile"],
    "properties": {"name": _TEXT, "version": _TEXT, "profile": _TEXT},
}
_JSON = "application/json"


def _list(key: str, items: dict[str, object]) -> dict[str, object]:
    return {"type": "object", "required": [key], "properties": {key: {"type": "array", "items": items}}}


async def describe_api(call: Call) -> Response:
    """`GET /admin/openapi.json`."""
    return Response.json(200, description(call.context.profile))


def description(profile: Profile) -> dict[str, object]:
    """All endpoints in OpenAPI 3.1, with the answers of that profile."""
    return described(ENDPOINTS, profile)


_WRITTEN = Answer(status=204, description="Everything is stored. An empty body stores nothing, and is no error.")
_DELETED = Answer(status=204, description="It is gone.")

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        method="POST",
        path="/api/v2/write",
        handler=write.write_v2,
        summary="Write line protocol",
        answer=_WRITTEN,
        parameters=V2_QUERY.parameters,
        errors=WRITE_ERRORS,
        line_protocol=True,
    ),
    Endpoint(
        method="POST",
        path="/write",
        handler=write.write_v1,
        summary="Write line protocol, with the parameters of InfluxDB 1",
        answer=_WRITTEN,
        parameters=V1_QUERY.parameters,
        errors=WRITE_V1_ERRORS,
        line_protocol=True,
    ),
    Endpoint(
        method="POST",
        path="/api/v2/delete",
        handler=delete.refuse,
        summary="Not supported",
        answer=Answer(status=500, description="Deletes are not supported."),
        errors=(DELETES,),
    ),
    Endpoint(
        method="GET",
        path="/health",
        handler=status.health,
        summary="Whether the server is up",
        answer=Answer(status=200, description="It is."),
        always=True,
    ),
    Endpoint(
        method="GET",
        path="/metrics",
        handler=status.show_metrics,
        summary="Counters, in Prometheus' text format",
        answer=Answer(status=200, description="The counters.", media_type="text/plain", schema=_TEXT),
        always=True,
    ),
    *(
        Endpoint(
            method=method,
            path="/ping",
            handler=status.ping,
            summary="Whether the server is up, with its version in headers",
            answer=Answer(status=204, description="It is."),
        )
        for method in ("GET", "HEAD")
    ),
    Endpoint(
        method="GET",
        path="/admin/server",
        handler=admin.describe_server,
        summary="Name, version and profile of the server",
        answer=Answer(status=200, description="The server.", media_type=_JSON, schema=_SERVER),
        errors=ADMIN_ERRORS,
    ),
    Endpoint(
        method="GET",
        path="/admin/openapi.json",
        handler=describe_api,
        summary="This description",
        answer=Answer(status=200, description="The description.", media_type=_JSON, schema={"type": "object"}),
        errors=ADMIN_ERRORS,
    ),
    Endpoint(
        method="POST",
        path="/admin/databases",
        handler=admin.create_database,
        summary="Create a database",
        answer=Answer(status=201, description="It is there.", media_type=_JSON, schema=_DATABASE_MADE),
        errors=(*ADMIN_ERRORS, NAME_LENGTH, NAME_CHARACTER, EXISTS),
        body=_DATABASE_WANTED,
    ),
    Endpoint(
        method="GET",
        path="/admin/databases",
        handler=admin.list_databases,
        summary="All databases with their settings",
        answer=Answer(status=200, description="The databases.", media_type=_JSON, schema=_list("databases", _SETTINGS)),
        errors=ADMIN_ERRORS,
    ),
    Endpoint(
        method="DELETE",
        path="/admin/databases/{name}",
        handler=admin.delete_database,
        summary="Delete a database with its points and tokens",
        answer=_DELETED,
        errors=(*ADMIN_ERRORS, NO_SUCH),
    ),
    Endpoint(
        method="GET",
        path="/admin/databases/{name}/points",
        handler=admin.show_points,
        summary="The points of a database, one JSON object a line",
        answer=Answer(status=200, description="The points.", media_type="application/x-ndjson", schema=_TEXT),
        parameters=(admin.TABLE,),
        errors=(*ADMIN_ERRORS, NO_SUCH),
    ),
    Endpoint(
        method="POST",
        path="/admin/tokens",
        handler=admin.create_token,
        summary="Create a token; the answer is the one time that it is shown",
        answer=Answer(status=201, description="The token.", media_type=_JSON, schema=_TOKEN_MADE),
        errors=(*ADMIN_ERRORS, NO_SUCH),
        body=_TOKEN_WANTED,
    ),
    Endpoint(
        method="GET",
        path="/admin/tokens",
        handler=admin.list_tokens,
        summary="All tokens, without their texts",
        answer=Answer(status=200, description="The tokens.", media_type=_JSON, schema=_list("tokens", _TOKEN_KEPT)),
        errors=ADMIN_ERRORS,
    ),
    Endpoint(
        method="DELETE",
        path="/admin/tokens/{id}",
        handler=admin.delete_token,
        summary="Revoke a token, at once",
        answer=_DELETED,
        errors=(*ADMIN_ERRORS, NO_SUCH),
    ),
)

_EXACT = {(endpoint.method, endpoint.path.encode()): endpoint for endpoint in ENDPOINTS if "{" not in endpoint.path}
_PATTERNS = tuple((endpoint, endpoint.path.encode().split(b"/")) for endpoint in ENDPOINTS if "{" in endpoint.path)


def find(method: str, path: bytes) -> tuple[Endpoint, tuple[str, ...]] | None:
    """The endpoint with the words that stand for those in braces. Methods and paths are compared exactly."""
    endpoint = _EXACT.get((method, path))
    if endpoint is not None:
        return endpoint, ()
    segments = path.split(b"/")
    for endpoint, pattern in _PATTERNS:
        if endpoint.method == method and len(pattern) == len(segments):
            words = _words(pattern, segments)
            if words is not None:
                return endpoint, words
    return None


def _words(pattern: list[bytes], segments: list[bytes]) -> tuple[str, ...] | None:
    """What stands for the segments in braces; None when the others differ."""
    words = []
    for wanted, given in zip(pattern, segments, strict=True):
        if wanted.startswith(b"{"):
            words.append(unquote_to_bytes(given).decode("utf-8", "replace"))
        elif wanted != given:
            return None
    return tuple(words)
