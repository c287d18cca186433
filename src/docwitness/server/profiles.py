"""What differs between the products and documents that the server can stand for. Rows stand in the same order in each profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from docwitness.server.errors import MISSING, NO_QUERY, DocumentedError

_NS, _US, _MS, _S, _M, _H = 1, 10**3, 10**6, 10**9, 60 * 10**9, 3600 * 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One way of answering."""

    name: str
    summary: str
    precisions: Mapping[str, int]
    """Accepted words of `precision`, in the order in which a refusal lists them → nanoseconds."""
    messages: Mapping[DocumentedError, str]
    """Of errors that it words in its own way."""

    def worded(self, error: DocumentedError) -> DocumentedError:
        """The error as it is answered here."""
        return replace(error, message=self.messages.get(error, error.message))


CLOUD_DEDICATED = Profile(
    name="cloud-dedicated",
    summary="InfluxDB Cloud Dedicated: what its router does",
    precisions=MappingProxyType(
        {
            "s": _S,
            "second": _S,
            "millisecond": _MS,
            "ms": _MS,
            "microsecond": _US,
            "u": _US,
            "us": _US,
            "n": _NS,
            "nanosecond": _NS,
            "ns": _NS,
        }
    ),
    messages=MappingProxyType({}),
)
PRIMER = Profile(
    name="primer",
    summary="what the v2 API primer for Cloud Dedicated promises",
    precisions=MappingProxyType({"h": _H, "m": _M, "s": _S, "ms": _MS, "u": _US, "us": _US, "ns": _NS}),
    messages=MappingProxyType({MISSING: "missing org/bucket value", NO_QUERY: "missing org/bucket value"}),
)

PROFILES: Mapping[str, Profile] = MappingProxyType({profile.name: profile for profile in (CLOUD_DEDICATED, PRIMER)})
"""By name; the first is the default."""
