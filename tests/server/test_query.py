"""Query strings of writes."""

from __future__ import annotations

import pytest

from docwitness.server.errors import ApiError
from docwitness.server.profiles import CLOUD_DEDICATED, PRIMER
from docwitness.server.query import pairs, v1_destination, v2_destination

ACCEPTED = "expected one of `s`, `second`, `millisecond`, `ms`, `microsecond`, `u`, `us`, `n`, `nanosecond`, `ns`"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (b"a=1&b=2", [("a", "1"), ("b", "2")]),
        (b"a", [("a", "")]),
        (b"=x", [("", "x")]),
        (b"&&a=1&", [("a", "1")]),
        (b"a=x+y%20z", [("a", "x y z")]),
        (b"a=1%2B1=2", [("a", "1+1=2")]),
        (b"a=%ZZ%4", [("a", "%ZZ%4")]),
        (b"a=1;b=2", [("a", "1;b=2")]),
        (b"a=%FF", [("a", "�")]),
        (b"%61=%e2%82%ac", [("a", "€")]),
    ],
)
def test_a_query_string_is_decoded_as_a_form(query: bytes, expected: list[tuple[str, str]]) -> None:
    assert list(pairs(query)) == expected


def test_a_v2_write_names_its_database_and_unit() -> None:
    destination = v2_destination(b"org=&bucket=a%2Fb&precision=ms&bucketID=7", CLOUD_DEDICATED)
    assert (destination.database, destination.unit_ns, destination.token) == ("a/b", 10**6, None)


def test_precision_is_nanoseconds_by_default() -> None:
    assert v2_destination(b"bucket=x", CLOUD_DEDICATED).unit_ns == 1


def test_unknown_parameters_may_come_twice() -> None:
    assert v2_destination(b"orgID=1&orgID=2&bucket=x", CLOUD_DEDICATED).database == "x"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (None, "no org/bucket destination provided"),
        (b"", "missing bucket value"),
        (b"org=x", "missing bucket value"),
        (b"bucket=", "missing bucket value"),
        (b"bucket=x&bucket=x", "failed to deserialize org/bucket/precision in request: duplicate field `bucket`"),
        (b"bucket=x&org=1&org=2&precision=week", "failed to deserialize org/bucket/precision in request: duplicate field `org`"),
        (b"bucket=a.b", "namespace name 'a.b' contains invalid character, character number 1 is not allowed"),
        (b"bucket=" + b"x" * 65, f"namespace name {'x' * 65} length must be between 1 and 64 characters"),
    ],
)
def test_faults_of_a_v2_write(query: bytes | None, message: str) -> None:
    with pytest.raises(ApiError) as caught:
        v2_destination(query, CLOUD_DEDICATED)
    assert (caught.value.status, caught.value.code, caught.value.message) == (400, "invalid", message)


def test_a_refused_precision_lists_the_accepted_words() -> None:
    with pytest.raises(ApiError, match=r"unknown variant `m`, expected one of `s`, `second`, .*, `ns`$"):
        v2_destination(b"bucket=x&precision=m", CLOUD_DEDICATED)


@pytest.mark.parametrize(
    ("query", "database"),
    [
        (b"db=a", "a"),
        (b"db=a&rp=", "a"),
        (b"db=a&rp=''", "a"),
        (b"db=a&rp=AutoGen", "a"),
        (b"db=a&rp=default", "a"),
        (b"db=A&rp=Week", "A/week"),
        (b"db=a/b&rp=c", "a/b/c"),
    ],
)
def test_a_v1_write_joins_database_and_retention_policy(query: bytes, database: str) -> None:
    assert v1_destination(query, CLOUD_DEDICATED).database == database


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (None, "no db destination provided"),
        (b"", "failed to deserialize db/rp/precision in request: missing field `db`"),
        (b"rp=x", "failed to deserialize db/rp/precision in request: missing field `db`"),
        (b"db=", "namespace name  length must be between 1 and 64 characters"),
        (b"db=a&p=1&p=1", "failed to deserialize db/rp/precision in request: duplicate field `p`"),
        (b"precision=&precision=&db=a", f"failed to deserialize db/rp/precision in request: unknown variant ``, {ACCEPTED}"),
    ],
)
def test_faults_of_a_v1_write(query: bytes | None, message: str) -> None:
    with pytest.raises(ApiError) as caught:
        v1_destination(query, CLOUD_DEDICATED)
    assert caught.value.message == message


def test_a_v1_write_may_carry_its_token() -> None:
    assert v1_destination(b"db=a&p=secret", CLOUD_DEDICATED).token == b"secret"
    assert v1_destination(b"db=a&p=", CLOUD_DEDICATED).token == b""
    assert v1_destination(b"db=a", CLOUD_DEDICATED).token is None


def test_the_primer_promises_minutes_and_hours() -> None:
    assert v2_destination(b"bucket=x&precision=m", PRIMER).unit_ns == 60 * 10**9
    assert v2_destination(b"bucket=x&precision=h", PRIMER).unit_ns == 3600 * 10**9


def test_the_primer_words_a_missing_bucket_otherwise() -> None:
    for query in (b"", b"org=x", b"bucket="):
        with pytest.raises(ApiError, match="missing org/bucket value"):
            v2_destination(query, PRIMER)
