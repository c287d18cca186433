"""Every error that the write API documents, one place for status, code and message.

Status and code words follow influxdata/influxdb `ioxd_common/src/http/error.rs`, texts its `router/src/server/http.rs`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


class ApiError(Exception):
    """An error that is answered to the client as compact JSON: `code`, `message`, and `line` for errors of a line."""

    def __init__(self, status: int, code: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.line = line
        """1-based number of the first bad line; blank and comment lines are not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentedError:
    """A kind of error."""

    name: str
    """A stable word for the reference."""
    status: int
    code: str
    message: str
    """A template: words in braces stand for what a request brought. A profile may have words of its own."""
    when: str
    """What causes it, in words for the reference."""
    of_a_line: bool = False
    """Whether the answer says which line."""

    def error(self, *, line: int | None = None, **values: object) -> ApiError:
        """The error to raise, with the line where it is one of a line, and what its message names."""
        return ApiError(self.status, self.code, self.message.format(**values), line)


OVERLOADED = DocumentedError(
    name="overloaded",
    status=503,
    code="unavailable",
    message="this service is overloaded, please try again later",
    when="as many requests as the server takes at once, or as many bytes of bodies, are being worked on",
)
NOT_FOUND = DocumentedError(
    name="not-found",
    status=404,
    code="not found",
    message="not found",
    when="no such method and path; both are case-sensitive",
)
DELETES = DocumentedError(
    name="deletes",
    status=500,
    code="internal error",
    message="deletes are not supported",
    when="a delete is asked for",
)
INTERNAL = DocumentedError(
    name="internal",
    status=500,
    code="internal error",
    message="an internal error has occurred",
    when="a fault of the server, which its log describes",
)

NO_QUERY_V1 = DocumentedError(
    name="no-query-v1",
    status=400,
    code="invalid",
    message="no db destination provided",
    when="the request has no query string",
)
BAD_QUERY = DocumentedError(
    name="bad-query",
    status=400,
    code="invalid",
    message="failed to deserialize {parameters} in request: {reason}",
    when="a known parameter is given twice, `precision` is none of the accepted words, or `db` is missing",
)
MISSING = DocumentedError(
    name="missing",
    status=400,
    code="invalid",
    message="missing bucket value",
    when="the request has no query string, or `bucket` is missing or empty",
)
NO_QUERY = replace(MISSING, message="no org/bucket destination provided")
"""The same without a query string; `MISSING` describes both."""
NAME_LENGTH = DocumentedError(
    name="name-length",
    status=400,
    code="invalid",
    message="namespace name {name} length must be between 1 and 64 characters",
    when="the name of the database is empty, or longer than 64 bytes",
)
NAME_CHARACTER = DocumentedError(
    name="name-character",
    status=400,
    code="invalid",
    message="namespace name '{name}' contains invalid character, character number {index} is not allowed",
    when="the name of the database has a character other than letters, digits, `/`, `_` and `-`",
)

NO_TOKEN = DocumentedError(
    name="no-token",
    status=401,
    code="unauthorized",
    message="no token",
    when="there is no `Authorization` header, its scheme is unknown or in another case, or no token stands in it",
)
INVALID_TOKEN = DocumentedError(
    name="invalid-token",
    status=403,
    code="forbidden",
    message="invalid token",
    when="the server does not know the token",
)
FORBIDDEN = DocumentedError(
    name="forbidden",
    status=403,
    code="forbidden",
    message="forbidden",
    when="the token is not for writing to that database, or there is no such database",
)

ENCODING = DocumentedError(
    name="encoding",
    status=415,
    code="unsupported media type",
    message="unacceptable content-encoding: {value}",
    when="`Content-Encoding` is neither `gzip` nor `identity`, exactly so",
)
ENCODING_HEADER = DocumentedError(
    name="encoding-header",
    status=400,
    code="invalid",
    message="invalid content-encoding header: failed to convert header to a str",
    when="`Content-Encoding` has characters outside ASCII",
)
DISCONNECTED = DocumentedError(
    name="disconnected",
    status=400,
    code="invalid",
    message="client disconnected",
    when="the body breaks off, its framing is broken, or it takes too long",
)
TOO_LARGE = DocumentedError(
    name="too-large",
    status=413,
    code="request too large",
    message="max request size ({limit} bytes) exceeded",
    when="the body is larger than the limit, as sent or decompressed",
)
GZIP = DocumentedError(
    name="gzip",
    status=400,
    code="invalid",
    message="error decoding gzip stream: {reason}",
    when="the body is not whole, sound gzip although `Content-Encoding` says so",
)
UTF8 = DocumentedError(
    name="utf8",
    status=400,
    code="invalid",
    message="body content is not valid utf8: {reason}",
    when="the body, decompressed, is not UTF-8",
)

BAD_LINES = DocumentedError(
    name="bad-lines",
    status=400,
    code="invalid",
    message="failed to parse line protocol: errors encountered on line(s):\n{reasons}",
    when="lines do not parse, or their types conflict; the first hundred are listed and `line` is the first bad one",
    of_a_line=True,
)
NO_DATABASE = DocumentedError(
    name="no-database",
    status=400,
    code="invalid",
    message="rejecting write due to non-existing namespace: {name}",
    when="the database was deleted meanwhile",
)
RETENTION = DocumentedError(
    name="retention",
    status=422,
    code="unprocessable entity",
    message=(
        "dml handler error: data in table {table} is outside of the retention period: "
        "minimum acceptable timestamp is {minimum}, but observed timestamp {observed} is older."
    ),
    when="a point is older than the database keeps points; with partial writes the status is 400 and the code `invalid`",
)
RETENTION_PARTIAL = replace(RETENTION, status=400, code="invalid")
"""The same with partial writes; `RETENTION` describes both."""
COLUMN_LIMIT = DocumentedError(
    name="column-limit",
    status=400,
    code="invalid",
    message=(
        "dml handler error: service limit reached: couldn't create columns in table `{table}`; "
        "table contains {existing} existing columns, applying this write would result in {result} columns, limit is {limit}"
    ),
    when="the table would have too many columns",
)
TABLE_LIMIT = DocumentedError(
    name="table-limit",
    status=400,
    code="invalid",
    message=(
        "dml handler error: service limit reached: couldn't create new table; "
        "namespace contains {existing} existing tables, applying this write would result in {result} tables, limit is {limit}"
    ),
    when="the database would have too many tables",
)
STORAGE = DocumentedError(
    name="storage",
    status=503,
    code="unavailable",
    message="dml handler error: no healthy upstream ingesters available",
    when="the points could not be stored; a failing disk may have kept the request whole, never a part of it",
)

WRITE_ERRORS = (
    BAD_QUERY,
    MISSING,
    NAME_LENGTH,
    NAME_CHARACTER,
    NO_TOKEN,
    INVALID_TOKEN,
    FORBIDDEN,
    ENCODING,
    ENCODING_HEADER,
    DISCONNECTED,
    TOO_LARGE,
    GZIP,
    UTF8,
    BAD_LINES,
    NO_DATABASE,
    RETENTION,
    COLUMN_LIMIT,
    TABLE_LIMIT,
    STORAGE,
    INTERNAL,
    OVERLOADED,
)
"""What `POST /api/v2/write` can answer, in the order of the checks."""
WRITE_V1_ERRORS = (BAD_QUERY, NO_QUERY_V1, *WRITE_ERRORS[2:])
"""What `POST /write` can answer."""

UNREADABLE_JSON = DocumentedError(
    name="unreadable-json",
    status=400,
    code="invalid",
    message="the body is no JSON object with what is needed: {reason}",
    when="the body of an administration request is not what it must be",
)
EXISTS = DocumentedError(
    name="exists",
    status=409,
    code="conflict",
    message="database {name} exists",
    when="there is a database of that name",
)
NO_SUCH = DocumentedError(
    name="no-such",
    status=404,
    code="not found",
    message="{what} not found",
    when="there is no database or token of that name",
)
ADMIN_TOKEN = DocumentedError(
    name="admin-token",
    status=401,
    code="unauthorized",
    message="administration needs the administration token",
    when="the server has an administration token and the request does not carry it",
)
ADMIN_CLOSED = DocumentedError(
    name="admin-closed",
    status=403,
    code="forbidden",
    message="administration is open to this machine only, unless the server has an administration token",
    when="the server has no administration token, and the request is from another machine or from a web page",
)
ADMIN_ERRORS = (ADMIN_TOKEN, ADMIN_CLOSED, UNREADABLE_JSON, TOO_LARGE, INTERNAL, OVERLOADED)
"""What every administration endpoint can answer."""
