"""The container engine: how it is reached, what its calls fail with, and what earlier runs left in it."""

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
from urllib3.exceptions import HTTPError

from docwitness.containers.errors import ContainerError
from docwitness.containers.leases import LEASE, abandoned

LOG = logging.getLogger(__name__)

_PATIENCE_S = 60
"""For one answer of the engine; a loaded machine can take long."""

FAULTS = (DockerException, OSError, HTTPError)
"""What a call of the engine fails with: its refusals, its silence, and the end of an answer that it had begun."""


@contextmanager
def engine() -> Iterator[docker.DockerClient]:
    """The engine that `DOCKER_HOST` or the current Docker context names. Raises `ContainerError` when there is none."""
    address = os.environ.get("DOCKER_HOST") or _address_of_context()
    if address.startswith("unix://"):
        _check_socket(address.removeprefix("unix://"))
    try:
        client = docker.DockerClient.from_env(timeout=_PATIENCE_S, environment={**os.environ, "DOCKER_HOST": address})
    except DockerException as error:
        raise ContainerError(f"the container engine at {address} does not answer: {error}") from error
    try:
        yield client
    finally:
        client.close()


@contextmanager
def failing_as(what: str) -> Iterator[None]:
    """For calls of the engine: `what` begins the `ContainerError` for one that it refuses."""
    try:
        yield
    except APIError as error:
        raise ContainerError(f"{what}: {error.explanation or error}") from error
    except FAULTS as error:
        raise ContainerError(f"the container engine failed: {error}") from error


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
    """Ends a container and removes it with its anonymous volumes; one that is gone, or that another run removes, is no fault.

    Where the engine fails, that is told, and the container is left to a later run.
    """
    try:
        container.remove(force=True, v=True)
    except FAULTS as error:
        _left(container.name, error, expected=(404, 409))


def remove_network(network: Network) -> None:
    """Removes a network; one that is gone is no fault, and one that others have joined stays until a later run can remove it.

    Where the engine fails, that is told, and the network is left as well.
    """
    try:
        network.remove()
    except FAULTS as error:
        _left(network.name, error, expected=(403, 404, 409))


def _left(name: str | None, error: Exception, *, expected: tuple[int, ...]) -> None:
    if isinstance(error, APIError) and error.status_code in expected:
        LOG.debug("%s: %s", name, error.explanation)
    else:
        LOG.warning("%s is left to a later run, since the container engine does not remove it: %s", name, error)


def _address_of_context() -> str:
    context = ContextAPI.get_current_context()
    return (context.Host if context else None) or "unix:///var/run/docker.sock"


def _check_socket(path: str) -> None:
    """Says what is wrong with it better than the library does."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(path)
        except PermissionError as error:
            raise ContainerError(
                f"no permission to use the container engine at {path}: add yourself to the group that owns it, or set DOCKER_HOST"
            ) from error
        except OSError as error:
            raise ContainerError(
                f"no container engine at {path} ({error.strerror}): start Docker, or name another engine by DOCKER_HOST"
            ) from error
