"""What is taken from every container of ours: all rights, and more memory or processes than it needs."""

from __future__ import annotations

from typing import TypedDict

_PROCESSES = 128


class Confinement(TypedDict):
    """Arguments of docker-py's `create`."""

    read_only: bool
    cap_drop: list[str]
    security_opt: list[str]
    mem_limit: str
    memswap_limit: str
    pids_limit: int
    init: bool


def confined(memory_mb: int) -> Confinement:
    """For a container whose memory ends there, swap included; only what is mounted into it may be writable."""
    return Confinement(
        read_only=True,
        cap_drop=["ALL"],
        security_opt=["no-new-privileges:true"],
        mem_limit=f"{memory_mb}m",
        memswap_limit=f"{memory_mb}m",
        pids_limit=_PROCESSES,
        init=True,
    )
