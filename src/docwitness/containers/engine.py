"""The container engine: how it is reached, and what earlier runs left in it."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import docker
from docker.context import ContextAPI
from docker.errors import APIError, DockerException
from docker.models.containers import Container
from docker.models.networks import Network

from docwitness.containers.leases import LEASE, abandoned
from docwitness.errors import TargetUnavailableError

LOG = logging.getLogger(__name__)

_PATIENCE_S = 60
"""For one answer of the engine; a loaded machine can take long."""


@contextmanager
def engine() -> Iterator[docker.DockerClient]:
    """The engine that `DOCKER_HOST` or the current Docker context names. Raises `TargetUnavailableError` when there is none."""
    address = os.environ.get("DOCKER_HOST") or _address_of_context()
    if address.startswith("unix://"):
        _check_socket(address.removeprefix("unix://"))
    try:
        client = docker.DockerClient.from_env(timeout=_PATIENCE_S, environment={**os.environ, "DOCKER_HOST": address})
    except DockerException as error:
        raise TargetUnavailableError(f"the container engine at {address} does not answer: {error}") from error
    try:
        yield client
    finally:
        client.close()


def sweep(client: docker.DockerClient) -> None:
    """Removes what runs on this machine left that no longer live."""
    for container in client.containers.list(all=True, filters={"label": LEASE}, ignore_removed=True):
        if abandoned(container.labels):
            LOG.info("removing %s, which a killed run left", container.name)
            remove(container)
    for network in client.networks.list(filters={"label": LEASE}):
        if abandoned(network.attrs["Labels"]):
            LOG.info("removing the network %s, which a killed run left", network.name)
            remove_network(network)


def remove(container: Container) -> None:
    """Ends a container and removes it with its anonymous volumes; one that is gone, or that another run removes, is no fault."""
    try:
        container.remove(force=True, v=True)
    except APIError as error:
        if error.status_code not in (404, 409):
            raise
        LOG.debug("%s: %s", container.name, error.explanation)


def remove_network(network: Network) -> None:
    """Removes a network; one that is gone is no fault, and one that others have joined stays until a later run can remove it."""
    try:
        network.remove()
    except APIError as error:
        if error.status_code not in (403, 404, 409):
            raise
        LOG.debug("%s: %s", network.name, error.explanation)


def _address_of_context() -> str:
    context = ContextAPI.get_current_context()
    return (context.Host if context else None) or "unix:///var/run/docker.sock"


def _check_socket(path: str) -> None:
    """Says what is wrong with it better than the library does."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(path)
        except PermissionError as error:
            raise TargetUnavailableError(
                f"no permission to use the container engine at {path}: add yourself to the group that owns it, or set DOCKER_HOST"
            ) from error
        except OSError as error:
            raise TargetUnavailableError(
                f"no container engine at {path} ({error.strerror}): start Docker, or name another engine by DOCKER_HOST"
            ) from error
