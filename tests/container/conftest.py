"""An engine and an image to test with. Without an engine these tests skip; in CI they fail."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import docker
import pytest
from docker.errors import DockerException

from docwitness.containers.engine import engine
from docwitness.containers.leases import LEASE
from docwitness.errors import TargetUnavailableError
from docwitness.settings import ContainerSettings

ROOT = Path(__file__).parents[2]
IMAGE = "docwitness:test"
TELEGRAF = "docwitness-telegraf:test"


def _cannot(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def client() -> Iterator[docker.DockerClient]:
    try:
        with engine() as client:
            yield client
    except TargetUnavailableError as error:
        _cannot(f"{error}; .ci/engine.sh up starts one")


@pytest.fixture(scope="session")
def image(client: docker.DockerClient) -> str:
    """The image of this checkout."""
    try:
        client.images.build(path=str(ROOT), tag=IMAGE, rm=True, forcerm=True)
    except DockerException as error:
        _cannot(f"the image cannot be built: {error}; .ci/base-image.sh provides what it starts from")
    return IMAGE


@pytest.fixture
def left_in(client: docker.DockerClient) -> Callable[[Path], set[str]]:
    """Names of containers and networks whose runs had that folder for temporary files: other tests run beside this one."""

    def names(folder: Path) -> set[str]:
        containers = client.containers.list(all=True, filters={"label": LEASE}, ignore_removed=True)
        networks = client.networks.list(filters={"label": LEASE})
        found = [(each.name, each.labels) for each in containers] + [(each.name, each.attrs["Labels"]) for each in networks]
        return {str(name) for name, labels in found if labels[LEASE].startswith(f"{folder}/")}

    return names


@pytest.fixture
def settings(image: str) -> ContainerSettings:
    return ContainerSettings(image=image)


@pytest.fixture(scope="session")
def telegraf_image(client: docker.DockerClient, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An image with the Telegraf that is on PATH, which must be a static binary."""
    binary = shutil.which("telegraf")
    if binary is None:
        _cannot("telegraf is not on PATH")
    folder = tmp_path_factory.mktemp("telegraf")
    shutil.copy(ROOT / "container" / "telegraf" / "Dockerfile", folder)
    shutil.copy(str(binary), folder / "telegraf")
    client.images.build(path=str(folder), tag=TELEGRAF, rm=True, forcerm=True)
    return TELEGRAF
