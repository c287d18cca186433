"""The documented errors as writes that meet them: what each real client is made to send."""

from __future__ import annotations

import gzip
import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import pytest

from docwitness.server import errors
from docwitness.server.errors import DocumentedError
from docwitness.server.journal import DatabaseSettings

LINE = b"home,room=kitchen temp=21.5 1700000000000000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A write that is refused, and how. Where it says nothing, the write is a good one."""

    error: DocumentedError
    message: str
    """`TIME` stands for any time."""
    line: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    """Of the server."""
    before: Callable[[Any], None] = lambda _server: None
    """What happens to the server first."""
    path: str = ""
    """In front of the path that the client adds."""
    bucket: str | None = None
    token: str | None = None
    precision: str = "ns"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = LINE

    @property
    def pattern(self) -> str:
        """The message as a regular expression."""
        return re.escape(self.message).replace("TIME", r"\S+")


def _write_integer(server: Any) -> None:
    assert server.write("m f=1i 1").status == 204


def _keep_points_for_an_hour(server: Any) -> None:
    server.database = "short"
    server.databases.create_database("short", DatabaseSettings(retention_s=3600))
    _, server.token = server.databases.create_token("short")


def _delete_database_meanwhile(server: Any) -> None:
    """The token is known still, as for a request that had passed its check."""
    server.databases.journal.delete_database("sensors")


def _take_storage_away(server: Any) -> None:
    server.databases.journal._connection.close()


def _break(server: Any) -> None:
    server.databases.journal = None


PRECISIONS = "`s`, `second`, `millisecond`, `ms`, `microsecond`, `u`, `us`, `n`, `nanosecond`, `ns`"
BAD_LINES = "failed to parse line protocol: errors encountered on line(s):\n"
SCHEMA = "Could not insert column: Existing table schema specifies column f is type iox::column_type::field"
LIMIT = "dml handler error: service limit reached: couldn't create"
TOO_LARGE: Any = {
    "error": errors.TOO_LARGE,
    "options": {"max_body": 20_000},
    "message": "max request size (20000 bytes) exceeded",
}
FAULTS = {
    "overloaded": Fault(
        error=errors.OVERLOADED, options={"requests_at_once": 0}, message="this service is overloaded, please try again later"
    ),
    "another path": Fault(error=errors.NOT_FOUND, path="/nope", message="not found"),
    "minutes": Fault(
        error=errors.BAD_QUERY,
        precision="m",
        message=f"failed to deserialize org/bucket/precision in request: unknown variant `m`, expected one of {PRECISIONS}",
    ),
    "no bucket": Fault(error=errors.MISSING, bucket="", message="missing bucket value"),
    "long name": Fault(
        error=errors.NAME_LENGTH, bucket="x" * 65, message=f"namespace name {'x' * 65} length must be between 1 and 64 characters"
    ),
    "bad name": Fault(
        error=errors.NAME_CHARACTER,
        bucket="a.b",
        message="namespace name 'a.b' contains invalid character, character number 1 is not allowed",
    ),
    "no token": Fault(error=errors.NO_TOKEN, token="", message="no token"),
    "lower-case scheme": Fault(error=errors.NO_TOKEN, headers={"Authorization": "token x"}, message="no token"),
    "unknown token": Fault(error=errors.INVALID_TOKEN, token="nonsense", message="invalid token"),
    "another database": Fault(error=errors.FORBIDDEN, bucket="other", message="forbidden"),
    "encoding": Fault(error=errors.ENCODING, headers={"Content-Encoding": "br"}, message="unacceptable content-encoding: br"),
    "encoding outside ASCII": Fault(
        error=errors.ENCODING_HEADER,
        headers={"Content-Encoding": "é"},
        message="invalid content-encoding header: failed to convert header to a str",
    ),
    "broken off": Fault(
        error=errors.DISCONNECTED, options={"body_s": 0.2}, headers={"Content-Length": "1000"}, message="client disconnected"
    ),
    "too large": Fault(body=b'm f="' + b"x" * 20_000 + b'" 1', **TOO_LARGE),
    "too large when inflated": Fault(headers={"Content-Encoding": "gzip"}, body=gzip.compress(b"#" * 20_001), **TOO_LARGE),
    "no gzip": Fault(
        error=errors.GZIP, headers={"Content-Encoding": "gzip"}, message="error decoding gzip stream: invalid gzip header"
    ),
    "no UTF-8": Fault(
        error=errors.UTF8,
        body=b'm f="\xff" 1',
        message="body content is not valid utf8: invalid utf-8 sequence of 1 bytes from index 5",
    ),
    "bad line": Fault(
        error=errors.BAD_LINES,
        body=b"m f=1 1\nbad",
        message=f"{BAD_LINES}error parsing line 2 (1-based): Expected at least one space character, got end of input",
        line=2,
    ),
    "another type": Fault(
        error=errors.BAD_LINES,
        before=_write_integer,
        body=b"m f=1.5 2",
        message=f"{BAD_LINES}error writing line 1 (1-based): {SCHEMA}::integer, but type iox::column_type::field::float was given",
        line=1,
    ),
    "deleted meanwhile": Fault(
        error=errors.NO_DATABASE,
        before=_delete_database_meanwhile,
        message="rejecting write due to non-existing namespace: sensors",
    ),
    "too old": Fault(
        error=errors.RETENTION,
        before=_keep_points_for_an_hour,
        message="dml handler error: data in table home is outside of the retention period: "
        "minimum acceptable timestamp is TIME, but observed timestamp 2023-11-14T22:13:20+00:00 is older.",
    ),
    "too many columns": Fault(
        error=errors.COLUMN_LIMIT,
        body=b"m " + b",".join(b"f%d=1" % number for number in range(250)) + b" 1",
        message=f"{LIMIT} columns in table `m`; table contains 0 existing columns, "
        "applying this write would result in 251 columns, limit is 250",
    ),
    "too many tables": Fault(
        error=errors.TABLE_LIMIT,
        body=b"\n".join(b"m%d f=1 1" % number for number in range(501)),
        message=f"{LIMIT} new table; namespace contains 0 existing tables, "
        "applying this write would result in 501 tables, limit is 500",
    ),
    "no storage": Fault(
        error=errors.STORAGE, before=_take_storage_away, message="dml handler error: no healthy upstream ingesters available"
    ),
    "our fault": Fault(error=errors.INTERNAL, before=_break, message="an internal error has occurred"),
}


@pytest.fixture
def faults() -> dict[str, Fault]:
    """All of them, by name."""
    return FAULTS


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes a `fault` runs with each, but for those that its module's `CANNOT` says its client cannot meet."""
    if "fault" in metafunc.fixturenames:
        left_out = metafunc.module.CANNOT
        assert left_out.keys() <= FAULTS.keys()
        metafunc.parametrize("fault", [pytest.param(fault, id=name) for name, fault in FAULTS.items() if name not in left_out])


@pytest.fixture
def meet(start: Callable[..., Any]) -> Callable[[Fault], Any]:
    """Starts the server of a fault."""

    def met(fault: Fault) -> Any:
        server = start(**fault.options)
        fault.before(server)
        return server

    return met


@pytest.fixture
def missing() -> Callable[[str], NoReturn]:
    """What is missing fails where everything must be there, and is left out elsewhere."""

    def stop(reason: str) -> NoReturn:
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)

    return stop


@pytest.fixture
def command(missing: Callable[[str], NoReturn]) -> Callable[[str], str]:
    """Finds a client on PATH."""

    def found(name: str) -> str:
        path = shutil.which(name)
        return path or missing(f"{name} is missing: install it, or run `./dev examples` once and put its tools on PATH")

    return found
