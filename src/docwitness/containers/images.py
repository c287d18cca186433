"""Images: the one that is needed is built, is here already, or is pulled."""

from __future__ import annotations

import logging
import textwrap
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import docker
from docker.errors import DockerException, ImageNotFound
from docker.models.images import Image

from docwitness.containers.engine import FAULTS
from docwitness.containers.errors import ContainerError

LOG = logging.getLogger(__name__)

STAND_IN = "image.stand-in"
"""The label of an image that is not what its name says, and of all that are built on it; `.ci/base-image.sh` sets it."""

_KEPT_LINES = 15
"""Of a build's output, for its error."""
_SHOWN_OF_STEP = 100
"""Characters."""


class StoppedError(Exception):
    """The run was interrupted while an image was made."""


def provide(client: docker.DockerClient, name: str, *, build: Path | None, stopped: Callable[[], bool]) -> Image:
    """The image `name`, made from the Dockerfile in `build` where that is given.

    Raises `ContainerError`, and `StoppedError` soon after `stopped` says so.
    """
    if build is not None:
        _build(client, build, name, stopped)
    elif not _is_here(client, name):
        _pull(client, name, stopped)
    image = client.images.get(name)
    if stand_in := image.labels.get(STAND_IN):
        LOG.warning("%s stands on a stand-in for its base image (%s): it is not what it would be elsewhere", name, stand_in)
    return image


def _is_here(client: docker.DockerClient, name: str) -> bool:
    try:
        client.images.get(name)
    except ImageNotFound:
        return False
    return True


def _build(client: docker.DockerClient, folder: Path, name: str, stopped: Callable[[], bool]) -> None:
    if not (folder / "Dockerfile").is_file():
        raise ContainerError(f"the image {name} cannot be built: there is no Dockerfile in {folder}")
    LOG.info("building the image %s from %s", name, folder)
    lines: deque[str] = deque(maxlen=_KEPT_LINES)
    step = ""
    try:
        for message in _until(stopped, client.api.build(path=str(folder), tag=name, rm=True, forcerm=True, decode=True)):
            if text := str(message.get("stream", "")).strip():
                lines.append(text)
                step = text if text.startswith("Step ") else step
                if text.startswith("---> Running in"):  # not one that is there from an earlier build
                    LOG.info("%s", textwrap.shorten(step, _SHOWN_OF_STEP, placeholder=" …"))
            if "error" in message:
                raise DockerException(str(message["error"]).strip())
    except (*FAULTS, TypeError) as error:
        said = "".join(f"\n  {line}" for line in lines)
        raise ContainerError(f"the image {name} cannot be built from {folder}: {error}{said}") from error


def _pull(client: docker.DockerClient, name: str, stopped: Callable[[], bool]) -> None:
    LOG.info("pulling the image %s", name)
    tag = "latest" if ":" not in name.rpartition("/")[2] and "@" not in name else None
    try:
        for message in _until(stopped, client.api.pull(name, tag=tag, stream=True, decode=True)):
            if "error" in message:
                raise DockerException(str(message["error"]))
    except FAULTS as error:
        raise ContainerError(
            f"there is no image {name} here, and it cannot be pulled: {error}\nBuild it under that name, or name another `image`."
        ) from error


def _until(stopped: Callable[[], bool], messages: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    for message in messages:
        if stopped():
            raise StoppedError
        yield message
