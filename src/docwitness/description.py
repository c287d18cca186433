"""Descriptions of targets: what a report says of who answered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageDescription:
    """The image of a container."""

    name: str
    id: str
    digest: str
    """In the registry that it was pulled from; empty for one that was built here."""
    labels: tuple[tuple[str, str], ...]
    """Sorted by key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDescription:
    """What a report says of the target."""

    kind: str
    """`embedded`, `url`, `container` or `process`."""
    server: str
    """Name and version of the server, as far as it tells."""
    profile: str | None = None
    address: str = ""
    image: ImageDescription | None = None
