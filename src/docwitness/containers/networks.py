"""Private networks: only the containers of one run are in them, and this machine."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_interface, ip_network

import docker
from docker.models.networks import Network

from docwitness.containers.engine import remove_network
from docwitness.containers.leases import lease
from docwitness.reach import Reach

DESKTOP = "host.docker.internal"
"""What containers call a machine whose engine runs in a virtual machine of its own, as Docker Desktop does."""


@contextmanager
def private_network(client: docker.DockerClient) -> Iterator[Network]:
    """A network of its own, which is removed in the end; what is in it must be gone by then."""
    with lease() as labels:
        network = client.networks.create(f"docwitness-{secrets.token_hex(4)}", driver="bridge", labels=dict(labels))
        try:
            network.reload()
            yield network
        finally:
            remove_network(network)


def reach_from(network: Network) -> Reach:
    """How containers in it reach this machine.

    Where the engine shares its network stack, the gateway is an address of this machine, and nobody else is to come in by it.
    Otherwise `DESKTOP` leads to its loopback addresses, as long as the container is told so (`host-gateway`).
    """
    for pool in network.attrs["IPAM"]["Config"]:
        gateway = str(ip_interface(pool["Gateway"]).ip)
        if _is_of_this_machine(gateway):
            return Reach(host=gateway, address=gateway, neighbours=ip_network(pool["Subnet"]))
    return Reach(host=DESKTOP)


def _is_of_this_machine(address: str) -> bool:
    with socket.socket() as listener:
        try:
            listener.bind((address, 0))
        except OSError:
            return False
    return True
