"""Images: the one that a target needs is built, is here already, or is pulled."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import docker
from docker.errors import APIError, BuildError, DockerException, ImageNotFound
from docker.models.images import Image

from docwitness.errors import TargetUnavailableError
from docwitness.settings import ContainerSettings
from docwitness.targets.base import ImageDescription

LOG = logging.getLogger(__name__)

STAND_IN = "image.stand-in"
"""The label of an image, and of all that are built on it, that is not what its name says; `.ci/base-image.sh` sets it."""

_KEPT_LINES = 15
"""Of a build's output, for its error."""


class StoppedError(Exception):
    """The run was interrupted while an image was made."""


def provide(client: docker.DockerClient, settings: ContainerSettings, stopped: Callable[[], bool]) -> Image:
    """The image of a target. Raises `TargetUnavailableError`, and `StoppedError` soon after `stopped` says so."""
    if settings.build is not None:
        _build(client, settings.build, settings.image, stopped)
    elif not _is_here(client, settings.image):
        _pull(client, settings.image, stopped)
    return client.images.get(settings.image)


def described(image: Image, name: str) -> ImageDescription:
    """What a report says of it."""
    digests = image.attrs.get("RepoDigests") or [""]
    return ImageDescription(
        name=name, id=str(image.id), digest=str(digests[0]).rpartition("@")[2], labels=tuple(sorted(image.labels.items()))
    )


def _is_here(client: docker.DockerClient, name: str) -> bool:
    try:
        client.images.get(name)
    except ImageNotFound:
        return False
    return True


def _build(client: docker.DockerClient, folder: Path, name: str, stopped: Callable[[], bool]) -> None:
    LOG.info("building the image %s from %s", name, folder)
    lines: deque[str] = deque(maxlen=_KEPT_LINES)
    try:
        for message in _until(stopped, client.api.build(path=str(folder), tag=name, rm=True, forcerm=True, decode=True)):
            if text := str(message.get("stream", "")).strip():
                lines.append(text)
                LOG.log(logging.INFO if text.startswith("Step ") else logging.DEBUG, "%s", text.splitlines()[0])
            if "error" in message:
                raise BuildError(str(message["error"]).strip(), lines)
    except (DockerException, OSError, TypeError) as error:
        said = "".join(f"\n  {line}" for line in lines)
        raise TargetUnavailableError(f"the image {name} cannot be built from {folder}: {error}{said}") from error


def _pull(client: docker.DockerClient, name: str, stopped: Callable[[], bool]) -> None:
    LOG.info("pulling the image %s", name)
    tag = "latest" if ":" not in name.rpartition("/")[2] and "@" not in name else None
    try:
        for message in _until(stopped, client.api.pull(name, tag=tag, stream=True, decode=True)):
            if "error" in message:
                raise APIError(str(message["error"]))
    except (DockerException, OSError) as error:
        raise TargetUnavailableError(
            f"there is no image {name} here, and it cannot be pulled: {error}\n"
            "Build it under that name, or give the target `build` (the folder of its Dockerfile) or another `image`."
        ) from error


def _until(stopped: Callable[[], bool], messages: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    for message in messages:
        if stopped():
            raise StoppedError
        yield message
