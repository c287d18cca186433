from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import docker
import httpx
import pytest
from docker.models.containers import Container

from docwitness.containers import images
from docwitness.directives import ScopeSettings
from docwitness.errors import TargetError, TargetUnavailableError
from docwitness.settings import ContainerSettings
from docwitness.targets.base import RunningTarget
from docwitness.targets.container import Container as Target

pytestmark = pytest.mark.anyio

FOREIGN = Path(__file__).parent / "foreign"
HOLDER = """
import asyncio, sys
from docwitness.settings import ContainerSettings
from docwitness.targets.container import Container
async def main():
    async with Container(ContainerSettings(image=sys.argv[1])).running() as running:
        print(running.upstream.port, flush=True)
        await asyncio.sleep(600)
asyncio.run(main())
"""


def container_at(client: docker.DockerClient, port: int) -> Container:
    """The one that publishes a port of this machine."""
    (found,) = (
        each
        for each in client.containers.list(ignore_removed=True)
        if any(binding["HostPort"] == str(port) for bindings in each.ports.values() for binding in bindings or ())
    )
    return found


def marked(client: docker.DockerClient, variable: str) -> list[Container]:
    """Those that have a variable in their environment."""
    found = client.containers.list(all=True, ignore_removed=True)
    return [each for each in found if variable in each.attrs["Config"]["Env"]]


async def write(running: RunningTarget, database: str, token: str, line: str) -> int:
    url = f"http://127.0.0.1:{running.upstream.port}/api/v2/write"
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(
            url, params={"bucket": database}, headers={"authorization": f"Bearer {token}"}, content=line.encode()
        )
    return answer.status_code


def private_text(path: str) -> str | None:
    """What a file that only its owner may read holds; None when there is none."""
    file = Path(path)
    if not file.exists():
        return None
    assert file.stat().st_mode & 0o077 == 0
    return file.read_text(encoding="ascii")


def killed_run(client: docker.DockerClient, image: str) -> Container:
    """The container of a run that was killed while it was there."""
    process = subprocess.Popen([sys.executable, "-c", HOLDER, image], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    left = container_at(client, int(process.stdout.readline()))
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    return left


@pytest.fixture
def forbidden_socket() -> Iterator[Path]:
    """One that this process, which is nobody until the test ends, may not use."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody without permission")
    path = Path(tempfile.gettempdir(), f"docwitness-{os.getpid()}.sock")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        path.chmod(0o600)
        os.seteuid(65534)
        yield path
        os.seteuid(0)
        path.unlink()


async def refusal(settings: ContainerSettings) -> str:
    """Why the target cannot be had."""
    with pytest.raises(TargetUnavailableError) as caught:
        async with Target(settings).running():
            pass
    return str(caught.value)


async def test_each_scope_is_fresh_and_its_effect_is_read_back(settings: ContainerSettings) -> None:
    async with Target(settings).running() as running:
        first, second = await running.open_scope(ScopeSettings()), await running.open_scope(ScopeSettings())
        assert await write(running, first.database, first.token, "m f=1i 1700000000000000000") == 204
        (point,) = await running.effect(first) or ()
        assert (point.table, point.fields, point.time_ns) == ("m", (("f", ("int", 1)),), 1_700_000_000_000_000_000)
        assert await running.effect(second) == ()
        await running.close_scope(first)
        assert await write(running, first.database, first.token, "m f=1i") == 403


async def test_the_container_may_do_nothing_but_serve(client: docker.DockerClient, settings: ContainerSettings) -> None:
    async with Target(settings).running() as running:
        attributes = container_at(client, running.upstream.port).attrs
        host = attributes["HostConfig"]
        assert (host["ReadonlyRootfs"], host["CapDrop"], host["Init"]) == (True, ["ALL"], True)
        assert host["SecurityOpt"] == ["no-new-privileges:true"]
        assert 0 < host["Memory"] == host["MemorySwap"]
        assert host["PidsLimit"] > 0
        assert attributes["Config"]["User"] == "10001:10001"
        assert {binding["HostIp"] for binding in attributes["NetworkSettings"]["Ports"]["8181/tcp"]} == {"127.0.0.1"}


async def test_nothing_is_left_of_it(client: docker.DockerClient, settings: ContainerSettings) -> None:
    async with Target(settings).running() as running:
        container = container_at(client, running.upstream.port)
        volumes = [mount["Name"] for mount in container.attrs["Mounts"] if mount["Type"] == "volume"]
        assert volumes
    with pytest.raises(docker.errors.NotFound):
        container.reload()
    for volume in volumes:
        with pytest.raises(docker.errors.NotFound):
            client.volumes.get(volume)


async def test_the_administration_token_can_only_be_read_inside(client: docker.DockerClient, settings: ContainerSettings) -> None:
    async with Target(settings).running() as running:
        (token,) = (await running.open_scope(ScopeSettings())).secrets
        container = container_at(client, running.upstream.port)
        assert token not in json.dumps(container.attrs)
        assert token.encode() not in container.logs()
        assert container.exec_run("stat -c '%a %u' /run/docwitness/admin-token").output == b"400 10001\n"


async def test_samples_find_the_administration_token_in_a_file_while_it_runs(settings: ContainerSettings) -> None:
    async with Target(settings).running() as running:
        scope = await running.open_scope(ScopeSettings())
        file = scope.variables["DOCWITNESS_ADMIN_TOKEN_FILE"]
        assert (private_text(file),) == scope.secrets
    assert private_text(file) is None


async def test_the_report_can_say_which_image_it_was(client: docker.DockerClient, settings: ContainerSettings) -> None:
    async with Target(settings).running() as running:
        image = running.description.image
        assert running.description.kind == "container"
        assert image is not None
        assert (image.name, image.id) == (settings.image, client.images.get(settings.image).id)
        assert ("org.opencontainers.image.licenses", "MIT") in image.labels


async def test_a_cancelled_start_leaves_nothing(client: docker.DockerClient, settings: ContainerSettings) -> None:
    mark = f"MARK={uuid.uuid4()}"
    never = replace(settings, health="/never", environment=dict([mark.split("=")]))
    task = asyncio.create_task(refusal(never))
    while not marked(client, mark):  # noqa: ASYNC110 - the engine tells nobody
        await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not marked(client, mark)


async def test_the_next_run_removes_what_a_killed_one_left(client: docker.DockerClient, settings: ContainerSettings) -> None:
    left = killed_run(client, settings.image)
    left.reload()
    assert left.status == "running"
    async with Target(settings).running():
        with pytest.raises(docker.errors.NotFound):
            left.reload()


async def test_a_second_run_leaves_the_first_one_alone(client: docker.DockerClient, settings: ContainerSettings) -> None:
    async with Target(settings).running() as first:
        async with Target(settings).running():
            pass
        assert container_at(client, first.upstream.port).status == "running"


async def test_without_an_engine_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    assert "no container engine at" in await refusal(ContainerSettings())


async def test_an_engine_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    assert "the container engine at tcp://127.0.0.1:1 does not answer" in await refusal(ContainerSettings())


async def test_a_socket_that_others_own_is_a_matter_of_permission(monkeypatch: pytest.MonkeyPatch, forbidden_socket: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{forbidden_socket}")
    assert f"no permission to use the container engine at {forbidden_socket}" in await refusal(ContainerSettings())


async def test_an_image_that_is_nowhere_is_named(image: str) -> None:
    reason = await refusal(ContainerSettings(image="localhost:1/no/such:image"))
    assert "there is no image localhost:1/no/such:image here, and it cannot be pulled" in reason


async def test_a_taken_port_is_named(settings: ContainerSettings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert f"port {port} of this machine is taken" in await refusal(replace(settings, host_port=port))


async def test_a_server_that_does_not_get_healthy_shows_its_answer_and_its_log(settings: ContainerSettings) -> None:
    reason = await refusal(replace(settings, health="/never", start_limit_s=10))
    assert "is not healthy after 10 s: GET /never gives status 404" in reason
    assert "\n  docwitness " in reason
    assert "token     [token]" in reason


async def test_a_server_that_ends_shows_its_log(settings: ContainerSettings) -> None:
    reason = await refusal(replace(settings, command=("--profile", "nobody's")))
    assert "it ended with status 4" in reason
    assert "Invalid value for '--profile'" in reason


async def test_a_server_that_takes_too_much_memory_is_said_to(settings: ContainerSettings) -> None:
    reason = await refusal(replace(settings, memory_mb=16))
    assert "it was killed for memory: the limit is 16 MB" in reason


async def test_a_container_that_dies_in_mid_run_says_so(client: docker.DockerClient, settings: ContainerSettings) -> None:
    async with Target(settings).running() as running:
        container_at(client, running.upstream.port).kill()
        with pytest.raises(TargetError, match="the container does not run any more: it ended with status 137"):
            await running.open_scope(ScopeSettings())


async def test_the_loop_goes_on_while_the_engine_is_asked_why(
    client: docker.DockerClient, settings: ContainerSettings, lose_engine: Callable[[], None]
) -> None:
    """All that is asked goes through it."""
    async with Target(settings).running() as running:
        container_at(client, running.upstream.port).kill()
        with pytest.raises(TargetError, match="the container does not run any more"):
            await running.open_scope(ScopeSettings())


async def test_without_an_engine_to_ask_a_fault_is_told_as_it_is(
    client: docker.DockerClient, settings: ContainerSettings, lose_engine: Callable[[], None]
) -> None:
    async with Target(settings).running() as running:
        lose_engine()
        container_at(client, running.upstream.port).kill()
        with pytest.raises(TargetError, match=r"no answer from http://127\.0\.0\.1:\d+ to POST /admin/databases"):
            await running.open_scope(ScopeSettings())


async def test_an_engine_that_goes_away_before_the_server_is_healthy_is_told(
    client: docker.DockerClient, settings: ContainerSettings, lose_engine: Callable[[], None]
) -> None:
    mark = f"MARK={uuid.uuid4()}"
    asking = asyncio.create_task(refusal(replace(settings, health="/never", environment=dict([mark.split("=")]))))
    while not any(container.ports for container in marked(client, mark)):  # noqa: ASYNC110 - the engine tells nobody
        await asyncio.sleep(0.05)
    lose_engine()
    assert (await asking).startswith("the container engine failed: ")


async def test_a_folder_without_a_dockerfile_is_named(image: str, tmp_path: Path) -> None:
    assert f"there is no Dockerfile in {tmp_path}" in await refusal(ContainerSettings(image=image, build=tmp_path))


async def test_a_build_that_fails_shows_its_output(image: str, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM {image}\nRUN echo a telling line && false\n")
    reason = await refusal(ContainerSettings(image="docwitness-broken", build=tmp_path))
    assert f"the image docwitness-broken cannot be built from {tmp_path}" in reason
    assert "\n  a telling line" in reason


async def test_a_stopped_build_ends_soon(client: docker.DockerClient, image: str, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM {image}\nRUN sleep 600\n")
    with pytest.raises(images.StoppedError):
        images.provide(client, "docwitness-stopped", build=tmp_path, stopped=lambda: True)


async def test_any_server_can_be_a_target_by_configuration(image: str) -> None:
    """One that knows nothing of docwitness: it gets database and token as it wants them, and all samples share them."""
    settings = ContainerSettings(
        image="docwitness-foreign",
        build=FOREIGN,
        port=9000,
        command=("--database={database}",),
        environment={"TOKEN": "{token}"},
        user="12345:12345",
        writable=("/srv",),
        health="/ready",
        administration=False,
        database="weather",
    )
    async with Target(settings).running() as running:
        scope = await running.open_scope(ScopeSettings())
        assert (running.fresh_scopes, running.description.server, scope.database) == (False, "docwitness-foreign", "weather")
        assert await write(running, "weather", scope.token, "m f=1") == 204
        assert await write(running, "weather", "another", "m f=1") == 401
        assert await write(running, "another", scope.token, "m f=1") == 404
        assert await running.effect(scope) is None
