"""`docwitness run` against a container, as a user sees it."""

from __future__ import annotations

import os
import signal
import subprocess
import uuid
from pathlib import Path
from typing import Any

import docker
import pytest


@pytest.fixture
def contained(project: Any, image: str) -> Any:
    """A project with a target `box` whose containers can be told from others."""
    project.mark = f"MARK={uuid.uuid4()}"
    configuration = project.folder / "docwitness.toml"
    text = f'[targets.box]\nimage = "{image}"\nenvironment = {{ MARK = "{project.mark[5:]}" }}\n'
    configuration.write_text(configuration.read_text() + text)
    return project


def containers(client: docker.DockerClient, mark: str) -> int:
    found = client.containers.list(all=True, ignore_removed=True)
    return sum(mark in each.attrs["Config"]["Env"] for each in found)


def test_without_an_engine_the_run_ends_with_status_6_and_falls_back_to_nothing(project: Any) -> None:
    project.page("```sh\ntrue\n```\n")
    ended = project.run("--target", "container", DOCKER_HOST="unix:///nowhere/engine.sock")
    assert ended.status == 6
    assert "no container engine at /nowhere/engine.sock" in ended.err
    assert ended.report["target"] is None
    assert [claim["verdict"] for claim in ended.report["claims"]] == ["error"]


def test_the_report_and_the_terminal_say_which_image(contained: Any, client: docker.DockerClient, image: str) -> None:
    contained.page("```sh\ntrue\n```\n")
    ended = contained.run("--target", "box")
    described = ended.report["target"]["image"]
    assert ended.status == 0
    assert (described["name"], described["id"]) == (image, client.images.get(image).id)
    assert f"image      {image}, id {described['id']}" in ended.out
    assert f"waiting for the container of {image} at http://127.0.0.1:" in ended.err
    assert containers(client, contained.mark) == 0


def test_no_token_is_shown(contained: Any) -> None:
    contained.page("```sh\necho $(cat $DOCWITNESS_ADMIN_TOKEN_FILE)\n```\n")
    ended = contained.run("--target", "box")
    (execution,) = (evidence["execution"] for evidence in ended.report["evidence"].values())
    assert execution["stdout"] == "[secret]\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_no_container(
    contained: Any, client: docker.DockerClient, tmp_path: Path, number: signal.Signals
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    contained.page(f"```sh\necho >{pipe}\nsleep 600\n```\n")
    command = contained.command("run", "--target", "box")
    process = subprocess.Popen(command, cwd=contained.folder, env=contained.environment(), stdout=-1, stderr=-1)
    pipe.read_text()
    assert containers(client, contained.mark) == 1
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == 2
    assert containers(client, contained.mark) == 0
