"""`docwitness run` against a container, as a user sees it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import docker
import pytest

from docwitness.containers.leases import LEASE

TELEGRAF = """<!-- docwitness: id=write -->
```toml
[[outputs.influxdb_v2]]
  urls = ["https://cluster-id.influxdb.io"]
  token = "DATABASE_TOKEN"
  bucket = "DATABASE_NAME"
```

<!-- docwitness: options of=telegraf-output base=write -->

| Option | Required | Default |
|---|---|---|
| `urls` | Optional | `["http://localhost:8086"]` |
| `token` | Optional | `""` |
| `organization` | Optional | `""` |
| `bucket` | Optional | `""` |
| `content_encoding` | Optional | `"gzip"` |
"""


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


@pytest.fixture
def with_telegraf(contained: Any, telegraf_image: str, tmp_path: Path) -> Any:
    """Its Telegraf samples run in containers, too; what its runs make can be told from what others make."""
    configuration = contained.folder / "docwitness.toml"
    configuration.write_text(f'{configuration.read_text()}[runners]\ntelegraf = {{ image = "{telegraf_image}" }}\n')
    contained.scratch = tmp_path / "scratch"
    contained.scratch.mkdir()
    return contained


@pytest.fixture
def members(client: docker.DockerClient, left_in: Callable[[Path], set[str]]) -> Callable[[Any], set[str]]:
    """The containers in the one network that the runs of a project have made; none where there is no network yet."""

    def names(project: Any) -> set[str]:
        there = left_in(project.scratch)
        networks = [each for each in client.networks.list() if each.name in there]
        assert len(networks) <= 1
        for network in networks:
            network.reload()
        inside = (network.attrs["Containers"] for network in networks)
        return {each["Name"] for containers in inside for name, each in containers.items() if not name.startswith("ep-")}

    return names


@contextmanager
def held(project: Any, members: Callable[[Any], set[str]], tmp_path: Path, *, count: int) -> Iterator[subprocess.Popen[bytes]]:
    """A run while a sample of it waits, once so many containers are in its network."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    project.page(f"{TELEGRAF}\n```sh\necho >{pipe}\nsleep 600\n```\n")
    process = subprocess.Popen(
        project.command("run", "--target", project.target),
        cwd=project.folder,
        env=project.environment(TMPDIR=str(project.scratch)),
        stdout=-1,
        stderr=-1,
    )
    try:
        pipe.read_text()
        deadline = time.monotonic() + 60
        while len(members(project)) != count:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("target", ["embedded", "box"])
def test_telegraf_in_containers_comes_to_the_verdicts_of_the_binary(
    with_telegraf: Any, left_in: Callable[[Path], set[str]], target: str
) -> None:
    def verdicts(ended: Any) -> dict[str, Any]:
        return {name: (claim["verdict"], claim.get("rule"), claim.get("reason")) for name, claim in ended.claims.items()}

    with_telegraf.page(TELEGRAF)
    ended = with_telegraf.run("--target", target, TMPDIR=str(with_telegraf.scratch))
    configuration = with_telegraf.folder / "docwitness.toml"
    configuration.write_text(configuration.read_text().partition("[runners]")[0])
    assert verdicts(ended) == verdicts(with_telegraf.run())
    assert [claim["verdict"] for claim in ended.claims.values()].count("proven") >= 10
    (evidence,) = ended.claims["write"]["evidence"]
    (exchange,) = ended.report["evidence"][evidence]["exchanges"]
    host = dict(exchange["request"]["headers"])["Host"]
    assert not host.startswith(("127.", "localhost"))
    assert not left_in(with_telegraf.scratch)


@pytest.mark.parametrize(("target", "count"), [("embedded", 1), ("box", 2)])
def test_telegraf_stands_beside_the_server_in_the_one_network_of_the_run(
    with_telegraf: Any,
    members: Callable[[Any], set[str]],
    left_in: Callable[[Path], set[str]],
    tmp_path: Path,
    target: str,
    count: int,
) -> None:
    """Its outpost does, that is; and the server, where the target is one in a container. All are gone after an interrupt."""
    with_telegraf.target = target
    with held(with_telegraf, members, tmp_path, count=count) as process:
        assert members(with_telegraf) < left_in(with_telegraf.scratch)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        assert process.returncode == 2
        assert not left_in(with_telegraf.scratch)


def test_the_run_after_one_that_was_killed_removes_its_network(
    with_telegraf: Any, members: Callable[[Any], set[str]], left_in: Callable[[Path], set[str]], tmp_path: Path
) -> None:
    with_telegraf.target = "embedded"
    with held(with_telegraf, members, tmp_path, count=1) as process:
        process.kill()
        process.wait()
    with_telegraf.page(TELEGRAF)
    assert with_telegraf.run("--lang", "telegraf").status == 0
    assert not left_in(with_telegraf.scratch)


def test_no_container_of_telegraf_shares_the_network_of_this_machine(with_telegraf: Any, client: docker.DockerClient) -> None:
    """The engine's own account of what it connected with what while the run went on."""
    began = int(time.time())
    with_telegraf.page(TELEGRAF)
    assert with_telegraf.run(TMPDIR=str(with_telegraf.scratch)).claims["write"]["verdict"] == "proven"
    events = [*client.events(since=began, until=int(time.time()) + 1, decode=True)]
    attributes = {each["id"]: each["Actor"]["Attributes"] for each in events if each.get("Action") == "create" and "id" in each}
    created = {name for name, own in attributes.items() if own.get(LEASE, "").startswith(str(with_telegraf.scratch))}
    connected = [each["Actor"]["Attributes"] for each in events if each.get("Type") == "network" and each["Action"] == "connect"]
    (private,) = {each["name"] for each in connected if each["container"] in created} - {"none"}
    assert len(created) >= 10
    assert private.startswith("docwitness-")


def test_without_a_table_or_sample_for_telegraf_no_network_is_made(with_telegraf: Any, left_in: Callable[[Path], set[str]]) -> None:
    with_telegraf.page(f"```sh\nls -d {with_telegraf.scratch}/docwitness-lease-* || true\n```\n")
    ended = with_telegraf.run(TMPDIR=str(with_telegraf.scratch))
    (execution,) = (evidence["execution"] for evidence in ended.report["evidence"].values())
    assert execution["stdout"] == ""
