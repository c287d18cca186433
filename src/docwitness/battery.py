"""The battery: values that are tried on a parameter which is said to be ignored, or whose list is said to be closed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docwitness.elision import MARK

NONSENSE = "docwitness-nonsense"
"""Nothing documents it."""

_GENERAL = (
    "0",
    "1",
    "-1",
    "true",
    "false",
    "null",
    "*",
    "all",
    "none",
    "auto",
    "a b",
    "a/b,c;d=e&f",
    "0123456789abcdef",
    "Zürich ☃",
    "x" * 1000,
)
_ELSEWHERE = (
    "n",
    "u",
    "m",
    "h",
    "d",
    "NS",
    "µs",
    "second",
    "minute",
    "one",
    "quorum",
    "gzip",
    "GZIP",
    "deflate",
    "br",
    "chunked",
    "text/csv",
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain; charset=utf-16",
)
"""Words that mean something to other servers with this API, or in other parameters."""


def battery(documented: Iterable[str]) -> Iterator[str]:
    """All values to try, those near to the documented ones first; none of these themselves."""
    known = set(documented)
    whole = [value for value in known if MARK not in value]
    near = [word for value in whole for word in (value.upper(), value.lower(), value.title(), f"{value}s", value[:-1])]
    for word in dict.fromkeys((*sorted(near), *_GENERAL, *_ELSEWHERE)):
        if word and word not in known:
            yield word
