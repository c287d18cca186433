"""Decodes query strings and what write requests say in them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from docwitness.server.errors import BAD_QUERY, MISSING, NO_QUERY, NO_QUERY_V1, ApiError
from docwitness.server.names import check_database_name
from docwitness.server.profiles import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter that the server reads. All others are ignored, however often they come."""

    name: str
    description: str
    required: bool = False
    secret: bool = False
    accepted: Callable[[Profile], Collection[str]] | None = None
    """All values that a profile accepts, in the order in which a refusal lists them; None where any will do."""
    default: str = ""
    """What counts where it is not given; empty where nothing does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What the server reads in the query string of an endpoint."""

    subject: str
    """What a refusal calls it."""
    parameters: tuple[Parameter, ...]

    def read(self, query: bytes, profile: Profile) -> dict[str, str]:
        """The values by name. As with serde, the first fault in the order of the query string is the one raised, as `ApiError`."""
        known = {parameter.name: parameter for parameter in self.parameters}
        values: dict[str, str] = {}
        for name, value in pairs(query):
            parameter = known.get(name)
            if parameter is None:
                continue
            if name in values:
                raise self.refusal(f"duplicate field `{name}`")
            if parameter.accepted and value not in (accepted := parameter.accepted(profile)):
                words = ", ".join(f"`{word}`" for word in accepted)
                raise self.refusal(f"unknown variant `{value}`, expected one of {words}")
            values[name] = value
        return values

    def refusal(self, reason: str) -> ApiError:
        """The error of a query string that is not read."""
        return BAD_QUERY.error(parameters=self.subject, reason=reason)


PRECISION = Parameter(
    name="precision",
    description="The unit of the timestamps in the body; nanoseconds by default.",
    accepted=lambda profile: profile.precisions,
    default="ns",
)
V2_QUERY = Query(
    subject="org/bucket/precision",
    parameters=(
        Parameter(name="org", description="Ignored, whatever it says."),
        Parameter(
            name="bucket",
            description="The name of the database: letters, digits, `/`, `_` and `-`, at most 64 bytes.",
            required=True,
        ),
        PRECISION,
    ),
)
V1_QUERY = Query(
    subject="db/rp/precision",
    parameters=(
        Parameter(name="db", description="The name of the database, or what comes before the slash in it.", required=True),
        PRECISION,
        Parameter(
            name="rp", description="What comes after the slash in the name, in lower case; `autogen` means the plain database."
        ),
        Parameter(name="p", description="A token, used when no `Authorization` header has one.", secret=True),
    ),
)
_PLAIN = frozenset({"", "''", "autogen"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where a write goes, and how its times are read."""

    database: str
    unit_ns: int
    """Nanoseconds of one unit of its timestamps."""
    token: bytes | None = None
    """The token in the query string, where that is a place for it."""


def v2_destination(query: bytes | None, profile: Profile) -> Destination:
    """That of `POST /api/v2/write`; raises `ApiError`."""
    if query is None:
        raise profile.worded(NO_QUERY).error()
    values = V2_QUERY.read(query, profile)
    database = values.get("bucket", "")
    if not database:
        raise profile.worded(MISSING).error()
    check_database_name(database)
    return Destination(database=database, unit_ns=_unit(values, profile))


def v1_destination(query: bytes | None, profile: Profile) -> Destination:
    """That of `POST /write`: database and retention policy are joined by a slash. Raises `ApiError`."""
    if query is None:
        raise NO_QUERY_V1.error()
    values = V1_QUERY.read(query, profile)
    if "db" not in values:
        raise V1_QUERY.refusal("missing field `db`")
    policy = values.get("rp", "").lower()
    database = values["db"] if policy in _PLAIN | {"default"} else f"{values['db']}/{policy}"
    check_database_name(database)
    token = values.get("p")
    return Destination(database=database, unit_ns=_unit(values, profile), token=None if token is None else token.encode())


def pairs(query: bytes) -> Iterator[tuple[str, str]]:
    """Names and values (url.spec.whatwg.org, application/x-www-form-urlencoded parsing)."""
    for part in query.split(b"&"):
        if part:
            name, _, value = part.partition(b"=")
            yield _decoded(name), _decoded(value)


def _decoded(text: bytes) -> str:
    return unquote_to_bytes(text.replace(b"+", b" ")).decode("utf-8", "replace")


def _unit(values: dict[str, str], profile: Profile) -> int:
    return profile.precisions[values.get(PRECISION.name, PRECISION.default)]
