"""An engine and an image to test with. Without an engine these tests skip; in CI they fail."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NoReturn

import docker
import pytest
from docker.errors import DockerException

from docwitness.containers.engine import engine, sweep
from docwitness.containers.errors import ContainerError
from docwitness.containers.leases import LEASE
from docwitness.settings import ContainerSettings

ROOT = Path(__file__).parents[2]
IMAGE = "docwitness:test"
TELEGRAF = "docwitness-telegraf:test"


def _cannot(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def client() -> Iterator[docker.DockerClient]:
    try:
        with engine() as client:
            yield client
    except ContainerError as error:
        _cannot(f"{error}; .ci/engine.sh up starts one")


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with closing(writer), suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()


@pytest.fixture
async def lose_engine(
    client: docker.DockerClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[[], None]]:
    """Leads to the engine through the event loop of the test; once what it yields is called, nobody answers any more.

    Whoever holds the loop up while it asks the engine waits for ever.
    """
    real = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    if not real.startswith("unix://"):
        pytest.skip("the engine is not reached by a socket of this machine")
    open_ends: set[asyncio.StreamWriter] = set()
    lost = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if lost.is_set():
            writer.close()
            return
        far_reader, far_writer = await asyncio.open_unix_connection(real.removeprefix("unix://"))
        open_ends.update((writer, far_writer))
        await asyncio.gather(_pass_on(reader, far_writer), _pass_on(far_reader, writer))

    def lose() -> None:
        lost.set()
        for writer in open_ends:
            writer.close()

    async with await asyncio.start_unix_server(serve, tmp_path / "engine.sock"):
        monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/engine.sock")
        yield lose
        lose()
    sweep(client)


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
