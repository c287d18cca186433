"""Variations: what of a base request is changed, and the request that comes of it. Pure."""

from __future__ import annotations

import base64
import gzip
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote_plus, unquote_plus

from docwitness.claim import Place
from docwitness.exchange import Request

CONTENT_LENGTH = "content-length"
TRANSFER_ENCODING = "transfer-encoding"
FRAMING = frozenset({CONTENT_LENGTH, TRANSFER_ENCODING})
"""Headers that tell where the body ends, in lower case."""

_TIMESTAMP = re.compile(r"(?<= )-?\d+[ \t]*$", re.MULTILINE)
_BASIC = re.compile(r"(Basic )([A-Za-z0-9+/=]+)\Z")
_CODINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": lambda body: gzip.compress(body, mtime=0),
    "x-gzip": lambda body: gzip.compress(body, mtime=0),
    "deflate": zlib.compress,
}
"""Content codings that a body can be put into (RFC 9110 §8.4.1)."""

Fill = Callable[[str], str]
"""Puts the values of one scope in place of what stands for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """One thing that is changed in a request. Equal variations of one base are one request."""

    query: tuple[tuple[str, str | None], ...] = ()
    """Parameters that get a value, or are left out."""
    headers: tuple[tuple[str, str | None], ...] = ()
    coding: str | None = None
    """The coding that the body is put into; None is that of its `Content-Encoding` header."""
    chunked: bool | None = None
    """How the body is framed; None is as the base request is."""
    times: tuple[int, int] | None = None
    """A factor and a divisor for the times of all lines."""
    time: int | None = None
    """The time that all lines get instead of theirs."""

    def __str__(self) -> str:
        pairs: dict[str, str | None] = dict(self.headers)
        pairs |= {name: text for name, text in self.query if text is not None or name not in pairs}
        said = [f"{name} left out" if text is None else f"{name}={_shortened(text)}" for name, text in pairs.items()]
        said += [f"body in {self.coding}"] if self.coding else []
        said += ["chunked" if self.chunked else "with a length"] if self.chunked is not None else []
        said += [f"times × {self.times[0]}/{self.times[1]}"] if self.times else []
        said += [f"times {self.time}"] if self.time is not None else []
        return ", ".join(said) or "as it is"


UNCHANGED = Variation()


def without(name: str, *, chunked: bool | None = None) -> Variation:
    """The parameter stands nowhere."""
    return Variation(query=((name, None),), headers=((name, None),), chunked=chunked)


def given(
    name: str,
    place: Place,
    value: str,
    *,
    coding: str | None = None,
    times: tuple[int, int] | None = None,
    time: int | None = None,
) -> Variation:
    """The parameter stands there and nowhere else, with that value."""
    there, elsewhere = ((name, value),), ((name, None),)
    query, headers = (there, elsewhere) if place is Place.QUERY else (elsewhere, there)
    return Variation(query=query, headers=headers, coding=coding, times=times, time=time)


def encodes(coding: str) -> bool:
    """Whether a body can be put into that coding."""
    return coding in _CODINGS


def varied(base: Request, variation: Variation, fill: Fill) -> bytes:
    """The bytes of the request: framing headers are true, and the body is in the coding that its headers name."""
    headers = list(_changed(base.headers, variation.headers, fill))
    body = _body(base.body, headers, variation, fill)
    head = [f"{base.method} {_target(fill(base.target), variation.query, fill)} {base.version}"]
    chunked = variation.chunked if variation.chunked is not None else _is_chunked(base)
    framing = ("Transfer-Encoding", "chunked") if chunked else ("Content-Length", str(len(body)))
    head += [f"{name}: {value}" for name, value in (*headers, framing)]
    framed = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n" if chunked and body else b"0\r\n\r\n" if chunked else body
    return "\r\n".join([*head, "", ""]).encode("utf-8", "surrogateescape") + framed


def _is_chunked(request: Request) -> bool:
    return any(name.lower() == TRANSFER_ENCODING for name, _ in request.headers)


def _changed(
    headers: tuple[tuple[str, str], ...], changes: tuple[tuple[str, str | None], ...], fill: Fill
) -> Iterator[tuple[str, str]]:
    """The headers without those of framing, and without those that are changed; these follow where they have a value."""
    gone = FRAMING | {name.lower() for name, _ in changes}
    for name, value in headers:
        if name.lower() not in gone:
            yield name, _credentials(value, fill)
    for name, new in changes:
        if new is not None and name.lower() not in FRAMING:
            yield name, _credentials(new, fill)


def _credentials(value: str, fill: Fill) -> str:
    """A header value with those of the scope, also where they are inside base64."""
    basic = _BASIC.match(value)
    try:
        inside = "" if basic is None else base64.b64decode(basic[2]).decode("utf-8", "surrogateescape")
    except ValueError:
        inside = ""
    if basic is None or fill(inside) == inside:
        return fill(value)
    return basic[1] + base64.b64encode(fill(inside).encode("utf-8", "surrogateescape")).decode("ascii")


def _body(body: bytes, headers: list[tuple[str, str]], variation: Variation, fill: Fill) -> bytes:
    text = fill(body.decode("utf-8", "surrogateescape"))
    if variation.times is not None:
        factor, divisor = variation.times
        text = _TIMESTAMP.sub(lambda match: str(int(match[0]) * factor // divisor), text)
    if variation.time is not None:
        text = _TIMESTAMP.sub(str(variation.time), text)
    coding = variation.coding or next((value for name, value in headers if name.lower() == "content-encoding"), "identity")
    return _CODINGS.get(coding, bytes)(text.encode("utf-8", "surrogateescape"))


def _target(target: str, changes: tuple[tuple[str, str | None], ...], fill: Fill) -> str:
    """The target with its query string changed; what is not changed stays as it is written."""
    path, mark, query = target.partition("?")
    gone = {name for name, _ in changes}
    kept = [pair for pair in query.split("&") if pair and unquote_plus(pair.partition("=")[0]) not in gone]
    kept += [f"{quote_plus(name)}={quote_plus(_credentials(value, fill))}" for name, value in changes if value is not None]
    return f"{path}?{'&'.join(kept)}" if kept else path + (mark if mark and not query else "")


def _shortened(value: str) -> str:
    return value if len(value) <= 40 else f"{value[:39]}… ({len(value)} characters)"
