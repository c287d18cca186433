"""An image that stands on a stand-in is not published: `.ci/container release-check IMAGE` refuses it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import docker
import pytest
from docker.errors import ImageNotFound

from docwitness.containers.images import STAND_IN

CONTAINER = Path(__file__).parents[2] / ".ci" / "container"
Built = Callable[[str], str]


@pytest.fixture
def built(client: docker.DockerClient, tmp_path: Path) -> Iterator[Built]:
    """Builds an image and tells its id."""
    made: list[str] = []

    def build(dockerfile: str) -> str:
        (tmp_path / "Dockerfile").write_text(dockerfile, encoding="utf-8")
        (tmp_path / "file").touch()
        image, _ = client.images.build(path=str(tmp_path), rm=True, forcerm=True)
        made.append(str(image.id))
        return made[-1]

    yield build
    for image in reversed(made):
        with suppress(ImageNotFound):  # gone with the last one that stood on it
            client.images.remove(image, force=True)


def checked(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(CONTAINER), "release-check", *arguments], capture_output=True, text=True, check=False)


def test_a_stand_in_is_refused_and_so_is_what_stands_on_it(built: Built) -> None:
    stand_in = built(f"FROM scratch\nCOPY file /\nLABEL {STAND_IN}=debian-trixie\n")
    for image in (stand_in, built(f"FROM {stand_in}\nCOPY file /other\n")):
        ended = checked(image)
        assert ended.returncode == 1
        assert f"{image} must not be published: it stands on a stand-in (debian-trixie)" in ended.stderr


@pytest.mark.parametrize("label", ["", "LABEL org.opencontainers.image.title=other\n"])
def test_any_other_image_passes(built: Built, label: str) -> None:
    assert checked(built(f"FROM scratch\nCOPY file /\n{label}")).returncode == 0


def test_an_image_that_is_not_there_passes_no_check(client: docker.DockerClient) -> None:
    assert checked("localhost:1/no/such:image").returncode == 1


def test_an_image_must_be_named() -> None:
    assert checked().returncode == 4
