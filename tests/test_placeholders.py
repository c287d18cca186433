"""Placeholders are whole words, the longest first, filled in one pass."""

from __future__ import annotations

import pytest

from docwitness.placeholders import NearMiss, Placeholders

VALUES = {"url": "http://127.0.0.1:8086", "host": "127.0.0.1:8086", "token": "t0ken", "read_token": "r0ken", "database": "db"}
PLACEHOLDERS = Placeholders(
    {
        "https://cluster-id.influxdb.io": "{url}",
        "DATABASE_TOKEN": "{token}",
        "DATABASE_NAME": "{database}",
        "DATABASE_NAME_OLD": "old-{database}",
        "REGION": "eu",
    }
)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("bucket=DATABASE_NAME&x", "bucket=db&x"),
        ("DATABASE_NAME_OLD,DATABASE_NAME", "old-db,db"),
        ("DATABASE_NAME_2 MY_DATABASE_NAME DATABASE_NAMES", "DATABASE_NAME_2 MY_DATABASE_NAME DATABASE_NAMES"),
        ('"https://cluster-id.influxdb.io/api/v2/write"', '"http://127.0.0.1:8086/api/v2/write"'),
        ("https://cluster-id.influxdb.io.example", "http://127.0.0.1:8086.example"),
        ("https://cluster-id.influxdb.io2", "https://cluster-id.influxdb.io2"),
        ("REGION", "eu"),
        ("nothing", "nothing"),
    ],
)
def test_whole_words_are_filled(text: str, filled: str) -> None:
    assert PLACEHOLDERS.fill(text, VALUES) == filled


def test_what_was_filled_in_is_not_filled_again() -> None:
    assert Placeholders({"A1": "B1 {token}", "B1": "x"}).fill("A1", {"token": "B1 {url}"}) == "B1 B1 {url}"


def test_braces_that_name_no_value_stay_as_they_are() -> None:
    assert Placeholders({"BODY": "{x} {}"}).fill("BODY", VALUES) == "{x} {}"


def test_without_placeholders_the_text_stays() -> None:
    assert Placeholders({}).fill("text", {}) == "text"


def test_the_placeholders_in_a_text_are_known() -> None:
    assert PLACEHOLDERS.used("DATABASE_NAME and REGION") == {"DATABASE_NAME", "REGION"}
    assert PLACEHOLDERS.names_target("curl https://cluster-id.influxdb.io/ping")
    assert not PLACEHOLDERS.names_target("echo DATABASE_TOKEN")


def test_what_is_of_the_face_over_tls_is_known() -> None:
    placeholders = Placeholders({"https://gateway.example.com": "{tls_url}", "/etc/ca.pem": "{tls_ca}", "REGION": "eu"})
    assert placeholders.names_target("curl https://gateway.example.com/ping")
    assert placeholders.names_gateway("curl https://gateway.example.com/ping")
    assert placeholders.names_gateway("--cacert /etc/ca.pem")
    assert not placeholders.names_target("--cacert /etc/ca.pem")
    assert not placeholders.names_gateway("REGION")


@pytest.mark.parametrize(
    ("word", "placeholder"),
    [
        ("DATABASE_TOKN", "DATABASE_TOKEN"),
        ("DATABASE_NAMES", "DATABASE_NAME"),
        ("DATABSAE_NAME", "DATABASE_NAME"),
        ("DATABASE-NAME", None),
        ("https://cluster-id.influxdb.oi", "https://cluster-id.influxdb.io"),
        ("http://cluster-id.influxdb.io", "https://cluster-id.influxdb.io"),
        ("https://cluster-id.influxdb.iox", "https://cluster-id.influxdb.io"),
        ("https://cluster.influxdb.io", None),
        ("DATABASE_NAME", None),
        ("DATABASE_NAME_2", None),
        ("REGION", None),
    ],
)
def test_a_word_one_edit_away_is_a_near_miss(word: str, placeholder: str | None) -> None:
    found = PLACEHOLDERS.near_misses(f"one\ncurl '{word}/api?x=1'")
    assert found == ((NearMiss(line=2, word=word, placeholder=placeholder),) if placeholder else ())


@pytest.mark.parametrize("edit", ["drop", "add", "change", "swap"])
@pytest.mark.parametrize("placeholder", ["TOKEN", "DATABASE_TOKEN", "REGION_OF_CLUSTER"])
def test_no_near_miss_is_overlooked(placeholder: str, edit: str) -> None:
    """Wherever the slip is."""
    placeholders = Placeholders({placeholder: "{token}", "OTHER_WORD": "{database}"})
    for at in range(len(placeholder) - 1):
        before, here, after, rest = placeholder[:at], placeholder[at], placeholder[at + 1], placeholder[at + 2 :]
        word = before + {"drop": after, "add": f"{here}Q{after}", "change": f"Q{after}", "swap": after + here}[edit] + rest
        found = placeholders.near_misses(f"OTHER_WORD {placeholder} {word}")
        assert found == (NearMiss(line=1, word=word, placeholder=placeholder),)


def test_neighbours_of_short_placeholders_are_ordinary_words() -> None:
    assert Placeholders({"30d": "1d", "ORG": "{database}"}).near_misses("30s OR ARG 30 days") == ()


def test_a_placeholder_next_to_another_is_no_near_miss() -> None:
    assert Placeholders({"TOKEN_1": "{token}", "TOKEN_2": "{read_token}"}).near_misses("TOKEN_1 TOKEN_2") == ()
