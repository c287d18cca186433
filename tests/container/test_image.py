"""The image as `docker run` has it: what stands in its Dockerfile, and that data outlives every way to end a container."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
import httpx
import pytest
from docker.models.containers import Container

from docwitness.containers.engine import remove

ROOT = Path(__file__).parents[2]
LARGEST_MB = 200


@contextmanager
def served(client: docker.DockerClient, image: str, volume: str) -> Iterator[tuple[Container, str]]:
    """A container on a volume, once it answers, and its address."""
    container = client.containers.run(
        image,
        detach=True,
        init=True,
        read_only=True,
        cap_drop=["ALL"],
        ports={"8181/tcp": ("127.0.0.1", 0)},
        volumes={volume: {"bind": "/data"}},
    )
    try:
        yield container, answering(container)
    finally:
        remove(container)


def answering(container: Container) -> str:
    container.reload()
    bindings = container.ports["8181/tcp"]
    assert bindings
    url = f"http://127.0.0.1:{bindings[0]['HostPort']}"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/health", trust_env=False).is_success:
                return url
        except httpx.HTTPError:
            time.sleep(0.05)
    pytest.fail(f"no answer from {url}: {container.logs().decode()}")


def write(url: str, token: str, line: str) -> None:
    headers = {"authorization": f"Bearer {token}"}
    answer = httpx.post(f"{url}/api/v2/write?bucket=sensors", headers=headers, content=line.encode(), trust_env=False)
    assert answer.status_code == 204


def stored(container: Container) -> list[str]:
    """As the command in the container shows it, without any option."""
    status, output = container.exec_run("docwitness server points sensors")
    assert status == 0
    assert isinstance(output, bytes)
    return sorted(output.decode().splitlines())


@pytest.fixture
def volume(client: docker.DockerClient) -> Iterator[str]:
    made = client.volumes.create()
    yield str(made.name)
    made.remove()


def test_data_outlives_stop_kill_and_the_container_itself(client: docker.DockerClient, image: str, volume: str) -> None:
    with served(client, image, volume) as (container, url):
        token = next(line.split()[1] for line in container.logs().decode().splitlines() if line.startswith("token "))
        write(url, token, "m f=1i 1")
        container.stop()
        container.start()
        write(answering(container), token, "m f=2i 2")
        container.kill()
        container.start()
        write(answering(container), token, "m f=3i 3")
        container.kill()
    with served(client, image, volume) as (container, url):
        write(url, token, "m f=4i 4")
        assert stored(container) == ["m f=1i 1", "m f=2i 2", "m f=3i 3", "m f=4i 4"]


def test_it_ends_cleanly_when_asked_to(client: docker.DockerClient, image: str, volume: str) -> None:
    with served(client, image, volume) as (container, _):
        container.stop(timeout=30)
        assert container.wait()["StatusCode"] == 0


def test_the_health_check_of_the_image_tells_a_server_from_none(client: docker.DockerClient, image: str, volume: str) -> None:
    with served(client, image, volume) as (container, _):
        status, _ = container.exec_run("python -m docwitness.server.health")
        assert status == 0
        status, _ = container.exec_run("python -m docwitness.server.health 1")
        assert status == 1


def test_the_image_is_small_and_runs_as_a_user_without_rights(client: docker.DockerClient, image: str) -> None:
    attributes = client.images.get(image).attrs
    config = attributes["Config"]
    assert attributes["Size"] < LARGEST_MB * 1_000_000
    assert config["User"] == "10001:10001"
    assert not config.get("Volumes"), "each container would leave an anonymous volume"
    assert config["Healthcheck"]["Test"] == ["CMD", "python", "-m", "docwitness.server.health"]
    labels = {label.removeprefix("org.opencontainers.image.") for label in config["Labels"]}
    assert {"title", "description", "licenses", "version", "revision", "base.name"} <= labels


def test_any_builder_takes_the_dockerfile() -> None:
    """The classic one knows no mounts and no here-documents, and a syntax line would have to be pulled."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert not [word for word in ("# syntax", "--mount", "<<") if word in text]


def test_what_the_image_installs_is_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(project["dependency-groups"]["server"]) <= set(project["project"]["dependencies"])
