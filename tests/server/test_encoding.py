"""From bytes to text."""

from __future__ import annotations

import gzip
import struct
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docwitness.server.encoding import gunzip, is_gzip, utf8
from docwitness.server.errors import ApiError

LIMIT = 1000
PLAIN = b"m f=1 1"
MEMBER = gzip.compress(PLAIN, mtime=0)
END = "error decoding gzip stream: unexpected end of file"
HEADER = "error decoding gzip stream: invalid gzip header"
DEFLATE = "error decoding gzip stream: corrupt deflate stream"
CHECKSUM = "error decoding gzip stream: corrupt gzip stream does not have a matching checksum"


def with_flags(flags: int, extra: bytes) -> bytes:
    return MEMBER[:3] + bytes([flags]) + MEMBER[4:10] + extra + MEMBER[10:]


def header_crc(flags: int, extra: bytes, wrong: int = 0) -> bytes:
    head = with_flags(flags, extra)[: 10 + len(extra)]
    return with_flags(flags, extra + struct.pack("<H", (zlib.crc32(head) & 0xFFFF) ^ wrong))


@pytest.mark.parametrize(
    "data",
    [
        MEMBER,
        gzip.compress(PLAIN, compresslevel=0, mtime=0),
        MEMBER + gzip.compress(b"m f=2 2", mtime=0),
        MEMBER + b"\0\0\0",
        with_flags(4, b"\x03\x00abc"),
        with_flags(8, b"name\0"),
        with_flags(16, b"comment\0"),
        with_flags(4 | 8 | 16, b"\x00\x00name\0comment\0"),
        header_crc(2, b""),
        header_crc(2 | 8, b"name\0"),
    ],
)
def test_the_first_member_is_read_and_what_follows_is_not(data: bytes) -> None:
    assert gunzip(data, LIMIT) == PLAIN


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", END),
        (b"m f=1 1", END),
        (MEMBER[:9], END),
        (MEMBER[:-1], END),
        (MEMBER[:-8], END),
        (MEMBER[:14], DEFLATE),
        (MEMBER[:10], DEFLATE),
        (b"m f=1 1\nm f=2 2\n", HEADER),
        (MEMBER[:2] + b"\x07" + MEMBER[3:], HEADER),
        (with_flags(0x20, b""), HEADER),
        (with_flags(4, b"")[:11], END),
        (MEMBER[:3] + b"\x04" + MEMBER[4:10] + b"\xff\xff", END),
        (MEMBER[:3] + b"\x08" + MEMBER[4:10] + b"name", END),
        (header_crc(2, b"", wrong=1), CHECKSUM),
        (MEMBER[:-8] + struct.pack("<II", 0, len(PLAIN)), CHECKSUM),
        (MEMBER[:-4] + struct.pack("<I", 8), CHECKSUM),
        (MEMBER[:10] + b"\xff" * 20, DEFLATE),
    ],
)
def test_each_fault_has_its_text(data: bytes, message: str) -> None:
    with pytest.raises(ApiError) as caught:
        gunzip(data, LIMIT)
    assert (caught.value.status, caught.value.message) == (400, message)


def test_one_byte_over_the_limit_is_too_large() -> None:
    assert len(gunzip(gzip.compress(b"x" * LIMIT), LIMIT)) == LIMIT
    with pytest.raises(ApiError) as caught:
        gunzip(gzip.compress(b"x" * (LIMIT + 1)), LIMIT)
    assert (caught.value.status, caught.value.message) == (413, "max request size (1000 bytes) exceeded")


def test_a_bomb_is_not_inflated() -> None:
    bomb = gzip.compress(b"x" * 50_000_000)
    tracemalloc.start()
    with pytest.raises(ApiError):
        gunzip(bomb, LIMIT)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


@given(st.binary(max_size=200), st.integers(0, 9))
def test_whatever_was_compressed_comes_back(plain: bytes, level: int) -> None:
    assert gunzip(gzip.compress(plain, level), 200) == plain


@given(st.binary(max_size=60))
def test_garbage_is_refused_or_sound(data: bytes) -> None:
    """By chance it is sound; then it is what gzip says."""
    try:
        content = gunzip(MEMBER[:10] + data, LIMIT)
    except ApiError:
        return
    assert zlib.decompressobj(31).decompress(MEMBER[:10] + data) == content


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x80", "invalid utf-8 sequence of 1 bytes from index 0"),
        (b"ab\xff", "invalid utf-8 sequence of 1 bytes from index 2"),
        (b"\xc0\xaf", "invalid utf-8 sequence of 1 bytes from index 0"),
        (b"\xe2\x82A", "invalid utf-8 sequence of 2 bytes from index 0"),
        (b"\xf0\x9f\x9aA", "invalid utf-8 sequence of 3 bytes from index 0"),
        (b"\xed\xa0\x80", "invalid utf-8 sequence of 1 bytes from index 0"),
        (b"\xf4\x90\x80\x80", "invalid utf-8 sequence of 1 bytes from index 0"),
        (b"ab\xe2\x82", "incomplete utf-8 byte sequence from index 2"),
        (b"\xf0\x9f", "incomplete utf-8 byte sequence from index 0"),
    ],
)
def test_bad_utf8_in_the_words_of_rust(data: bytes, reason: str) -> None:
    with pytest.raises(ApiError) as caught:
        utf8(data)
    assert caught.value.message == f"body content is not valid utf8: {reason}"


@pytest.mark.parametrize(("value", "expected"), [(None, False), (b"identity", False), (b"gzip", True)])
def test_gzip_and_identity_are_accepted_and_told_apart(value: bytes | None, *, expected: bool) -> None:
    assert is_gzip(value) is expected


@pytest.mark.parametrize("value", [b"", b"GZIP", b"deflate", b"gzip, identity", b"x-gzip"])
def test_other_encodings_are_unsupported(value: bytes) -> None:
    with pytest.raises(ApiError) as caught:
        is_gzip(value)
    assert (caught.value.status, caught.value.message) == (415, f"unacceptable content-encoding: {value.decode()}")


def test_an_encoding_outside_ascii_is_no_text() -> None:
    with pytest.raises(ApiError) as caught:
        is_gzip(b"gz\xffip")
    assert (caught.value.status, caught.value.message) == (
        400,
        "invalid content-encoding header: failed to convert header to a str",
    )
