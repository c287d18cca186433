"""From the bytes of a body to its text: gzip, and UTF-8, with the texts of the original router's libraries."""

from __future__ import annotations

import struct
import zlib

from docwitness.server.errors import ENCODING, ENCODING_HEADER, GZIP, TOO_LARGE, UTF8

_HEADER = 10
_TRAILER = 8
_DEFLATE = 8
_HEADER_CRC, _EXTRA, _NAME, _COMMENT, _RESERVED = 2, 4, 8, 16, 0b1110_0000
_END = "unexpected end of file"
_CHECKSUM = "corrupt gzip stream does not have a matching checksum"


def is_gzip(content_encoding: bytes | None) -> bool:
    """Whether the body is gzip; raises `ApiError` for any other encoding. The value is compared exactly."""
    if content_encoding is None or content_encoding == b"identity":
        return False
    if content_encoding == b"gzip":
        return True
    if not all(byte == 0x09 or 0x20 <= byte < 0x7F for byte in content_encoding):
        raise ENCODING_HEADER.error()
    raise ENCODING.error(value=content_encoding.decode("ascii"))


def gunzip(data: bytes, limit: int) -> bytes:
    """The first member (RFC 1952); what follows it is not looked at. Never inflates more than one byte over the limit.

    Raises `ApiError`.
    """
    start = _member_start(data)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = inflater.decompress(memoryview(data)[start:], limit + 1)
    except zlib.error:
        raise GZIP.error(reason="corrupt deflate stream") from None
    if len(content) > limit:
        raise TOO_LARGE.error(limit=limit)
    if not inflater.eof:
        raise GZIP.error(reason="corrupt deflate stream")
    trailer = inflater.unused_data[:_TRAILER]
    if len(trailer) < _TRAILER:
        raise GZIP.error(reason=_END)
    if struct.unpack("<II", trailer) != (zlib.crc32(content), len(content) & 0xFFFF_FFFF):
        raise GZIP.error(reason=_CHECKSUM)
    return content


def _member_start(data: bytes) -> int:
    """Where the deflate data begins."""
    if len(data) < _HEADER:
        raise GZIP.error(reason=_END)
    flags = data[3]
    if data[:2] != b"\x1f\x8b" or data[2] != _DEFLATE or flags & _RESERVED:
        raise GZIP.error(reason="invalid gzip header")
    at = _HEADER
    if flags & _EXTRA:
        at = _past(data, at + 2)
        at = _past(data, at + int.from_bytes(data[at - 2 : at], "little"))
    for flag in (_NAME, _COMMENT):
        if flags & flag:
            at = _past(data, data.find(b"\0", at) + 1 or len(data) + 1)
    if flags & _HEADER_CRC:
        at = _past(data, at + 2)
        if int.from_bytes(data[at - 2 : at], "little") != zlib.crc32(data[: at - 2]) & 0xFFFF:
            raise GZIP.error(reason=_CHECKSUM)
    return at


def _past(data: bytes, at: int) -> int:
    if at > len(data):
        raise GZIP.error(reason=_END)
    return at


def utf8(data: bytes) -> str:
    """The text; raises `ApiError` with the words of Rust's `core::str::Utf8Error`."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            reason = f"incomplete utf-8 byte sequence from index {error.start}"
        else:
            reason = f"invalid utf-8 sequence of {error.end - error.start} bytes from index {error.start}"
        raise UTF8.error(reason=reason) from None
