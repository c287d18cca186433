"""From where samples see this machine: from itself, or from a network of containers on it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How processes that a runner starts reach this machine, and so the recorder."""

    host: str = "127.0.0.1"
    """What they call this machine."""
    address: str = "127.0.0.1"
    """The address of this machine that leads them to."""
    neighbours: IPv4Network | IPv6Network | None = None
    """Who may connect there; None: whoever can."""
    network: str = ""
    """What a container joins to see it so, as its engine names it; empty for what runs on this machine itself."""

    def admits(self, address: str) -> bool:
        """Whether one with that address may connect."""
        return self.neighbours is None or ip_address(address) in self.neighbours


HERE = Reach()
"""That of everything that runs on this machine itself."""
