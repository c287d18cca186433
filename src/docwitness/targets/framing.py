"""Where HTTP/1.1 messages begin and end in a byte stream (RFC 9112), found as the bytes come and without changing any of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

LARGEST_HEAD = 256 * 1024
"""Bytes; what is longer is no head."""

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_HEAD_START = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?\r?\n\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Head:
    """The lines of a message before its body."""

    raw: bytes
    """As it came, with the empty line that ends it."""
    start: tuple[str, str, str]
    """Its first line: method, target and version, or version, status and reason; empty words where it has fewer."""
    headers: tuple[tuple[str, str], ...]
    problem: str = ""

    def values(self, name: str) -> list[str]:
        """Every value of a header, in order."""
        return [value for key, value in self.headers if key.lower() == name]


def parse_head(raw: bytes) -> Head:
    """Reads a head leniently; what cannot be read is said in its `problem`."""
    first, *lines = [line.rstrip("\r") for line in raw.decode("latin-1").lstrip("\r\n").split("\n")]
    words = [*first.split(" ", 2), "", ""]
    headers, problem = [], ""
    for line in filter(None, lines):
        name, colon, value = line.partition(":")
        if not colon:
            problem = f"a header line without a colon: {line[:60]!r}"
        headers.append((name, value.strip(" \t")))
    return Head(raw, (words[0], words[1], words[2]), tuple(headers), problem)


class Budget:
    """How many bytes of bodies may still be kept."""

    def __init__(self, left: int) -> None:
        self.left = left

    def grant(self, data: bytes) -> bytes:
        """As much of `data` as may be kept."""
        kept = data[: self.left]
        self.left -= len(kept)
        return kept


class Body:
    """A message body that is still coming; without a length it goes on to the end of the connection."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._content = bytearray()
        self._dropped = 0
        self.problem = ""

    @property
    def content(self) -> bytes:
        """What was kept of it, transfer coding undone."""
        return bytes(self._content)

    @property
    def shortfall(self) -> str:
        """Why `content` is not the whole body, in words; empty when it is."""
        if self._dropped:
            return f"the record is full: {self._dropped} bytes of the body were not kept"
        return self.problem or self._missing()

    @property
    def done(self) -> bool:
        """Whether its last byte has come."""
        return False

    def take(self, data: bytes) -> int:
        """Reads its part of `data`; returns how many bytes that is."""
        self._keep(data)
        return len(data)

    def _keep(self, data: bytes) -> None:
        kept = self._budget.grant(data)
        self._content += kept
        self._dropped += len(data) - len(kept)

    def _missing(self) -> str:
        return ""


class CountedBody(Body):
    """A body of known length, often none."""

    def __init__(self, budget: Budget, length: int) -> None:
        super().__init__(budget)
        self._left = length

    @property
    def done(self) -> bool:
        """Whether its last byte has come."""
        return not self._left

    def take(self, data: bytes) -> int:
        """Reads up to its end."""
        part = data[: self._left]
        self._left -= len(part)
        self._keep(part)
        return len(part)

    def _missing(self) -> str:
        return f"the body ended {self._left} bytes before its length" if self._left else ""


class ChunkedBody(Body):
    """A body in chunked transfer coding. What breaks the coding is taken as it is, to the end of the connection."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self._line = b""
        self._left = 0
        self._step = self._size
        self._done = False

    @property
    def done(self) -> bool:
        """Whether its last byte has come."""
        return self._done

    def take(self, data: bytes) -> int:
        """Reads up to its end."""
        position = 0
        while position < len(data) and not self._done:
            if self.problem:
                return len(data)
            position = self._chunk(data, position) if self._left else self._read_line(data, position)
        return position

    def _chunk(self, data: bytes, position: int) -> int:
        part = data[position : position + self._left]
        self._left -= len(part)
        self._keep(part)
        return position + len(part)

    def _read_line(self, data: bytes, position: int) -> int:
        end = data.find(b"\n", position) + 1
        self._line += data[position : end or None]
        if end:
            line, self._line = self._line, b""
            self._step(line)
        elif len(self._line) > LARGEST_HEAD:
            self.problem = "a line of the chunked coding does not end"
        return end or len(data)

    def _size(self, line: bytes) -> None:
        match = _CHUNK_SIZE.fullmatch(line)
        if not match:
            self.problem = f"not a chunk size: {line[:40]!r}"
            return
        self._left = int(match[1], 16)
        self._step = self._chunk_end if self._left else self._trailer

    def _chunk_end(self, line: bytes) -> None:
        if line.strip(b"\r\n"):
            self.problem = f"a chunk is longer than its size says: {line[:40]!r}"
        self._step = self._size

    def _trailer(self, line: bytes) -> None:
        self._done = not line.strip(b"\r\n")

    def _missing(self) -> str:
        return "" if self._done else "the chunked body has no end"


def body_of(head: Head, budget: Budget, *, without_length: Body) -> Body:
    """The body that the framing headers announce (RFC 9112 §6.3); `without_length` where they announce none."""
    codings = [word.strip().lower() for value in head.values("transfer-encoding") for word in value.split(",")]
    if codings:
        return ChunkedBody(budget) if codings[-1] == "chunked" else Body(budget)
    lengths = set(head.values("content-length"))
    if not lengths:
        return without_length
    length = lengths.pop()
    if lengths or not (length.isascii() and length.isdigit()):
        return Body(budget)
    return CountedBody(budget, int(length))


class Listener(Protocol):
    """Told of the messages in a stream, in order, every byte once."""

    def on_head(self, raw: bytes) -> Body:
        """A head has come; returns the body that follows it."""
        ...

    def on_body(self, data: bytes) -> None:
        """Bytes of the body, as they are on the wire."""
        ...

    def on_end(self) -> None:
        """The message is complete."""
        ...

    def on_opaque(self) -> Body:
        """What comes now is no HTTP head; returns the body that takes the rest of the stream."""
        ...


class Splitter:
    """Cuts one direction of a connection into messages."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._held = b""
        self._body: Body | None = None

    @property
    def between(self) -> bool:
        """No message has begun that is not complete."""
        return self._body is None and not self._held

    def feed(self, data: bytes) -> None:
        """Passes on what `data` completes; the part of a head is held back."""
        data, self._held = self._held + data, b""
        while data:
            size = self._start(data) if self._body is None else self._go_on(self._body, data)
            if not size:
                self._held = data
                return
            data = data[size:]
            self._finish()

    def flush(self) -> None:
        """The stream has ended: what is held back is passed on as it is."""
        held, self._held = self._held, b""
        if held:
            self._body = self._listener.on_opaque()
            self._go_on(self._body, held)

    def _go_on(self, body: Body, data: bytes) -> int:
        size = body.take(data)
        self._listener.on_body(data[:size])
        return size

    def _start(self, data: bytes) -> int:
        """Reads a head from the beginning of `data`; returns its size, 0 when more must come."""
        text = data.lstrip(b"\r\n")
        end = _HEAD_END.search(data, len(data) - len(text))
        if (text and not _HEAD_START.match(text)) or (not end and len(data) > LARGEST_HEAD):
            self._body = self._listener.on_opaque()
            return self._go_on(self._body, data)
        if not end:
            return 0
        self._body = self._listener.on_head(data[: end.end()])
        return end.end()

    def _finish(self) -> None:
        if self._body is not None and self._body.done:
            self._body = None
            self._listener.on_end()
