"""The place in a private network from which containers reach this machine, and nothing else of it."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import docker
import pytest
from docker.models.networks import Network

from docwitness.containers import outpost as module
from docwitness.containers.engine import sweep
from docwitness.containers.errors import ContainerError
from docwitness.containers.networks import DESKTOP, private_network, reach_from
from docwitness.containers.outpost import Watch, outpost
from docwitness.containers.process import Program, execute
from docwitness.execution import Completed, Execution, Skipped
from docwitness.reach import HERE, Reach
from docwitness.runners.telegraf import Telegraf
from docwitness.settings import TelegrafSettings
from docwitness.targets.base import Upstream
from docwitness.targets.recorder import Recorder

pytestmark = pytest.mark.anyio

HOLDER = """
import asyncio, sys
from docwitness.runners.telegraf import Telegraf
from docwitness.settings import TelegrafSettings
async def main():
    async with Telegraf(TelegrafSettings(image=sys.argv[1])).connected("") as reach:
        print(reach.network.removeprefix("container:"), flush=True)
        await asyncio.sleep(600)
asyncio.run(main())
"""
ASK = "import sys, urllib.request as u; u.build_opener(u.ProxyHandler({})).open(sys.argv[1], timeout=20)"
Ask = Callable[[str, str], Awaitable[Execution]]


@pytest.fixture
def ask(image: str, tmp_path: Path) -> Ask:
    """Asks for a URL, in a container of a network."""

    async def asked(network: str, url: str) -> Execution:
        program = Program(image=image, name="python", arguments=["-c", ASK, url], folder=tmp_path, environment={}, network=network)
        return await execute(program, limit_s=60)

    return asked


def watch(image: str, text: str = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1])") -> Watch:
    return Watch(image=image, name="python", arguments=lambda url: ["-c", text, url])


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    writer.close()


def succeeded(execution: Execution) -> bool:
    assert isinstance(execution, Completed), execution
    return execution.exit_status == 0


@pytest.fixture
def left(left_in: Callable[[Path], set[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], set[str]]:
    """Names of what this test has made and is there."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return partial(left_in, tmp_path)


async def test_who_joins_it_reaches_the_recorder_and_no_loopback_address(image: str, ask: Ask) -> None:
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server, outpost(watch(image), beside="") as reach:
        port = server.sockets[0].getsockname()[1]
        async with Recorder(Upstream(host="127.0.0.1", port=port), {reach}) as recorder:
            assert succeeded(await ask(reach.network, recorder.url_from(reach)))
            assert not succeeded(await ask(reach.network, recorder.url))
            assert not succeeded(await ask(reach.network, f"http://127.0.0.1:{port}"))
            (exchange,) = (await recorder.recorded()).exchanges
    assert exchange.request.headers[1] == ("Host", recorder.host_from(reach))


async def test_who_is_in_another_network_is_not_served(image: str, ask: Ask) -> None:
    """The kernel would let it in: a gateway is an address of this machine, whichever network asks for it."""
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server, outpost(watch(image), beside="") as reach:
        upstream = Upstream(host="127.0.0.1", port=server.sockets[0].getsockname()[1])
        async with Recorder(upstream, {replace(reach, neighbours=None)}) as open_to_all:
            assert succeeded(await ask("bridge", open_to_all.url_from(reach)))
        async with Recorder(upstream, {reach}) as recorder:
            assert not succeeded(await ask("bridge", recorder.url_from(reach)))
            assert (await recorder.recorded()).exchanges == ()


async def test_it_has_a_network_of_its_own_or_the_one_beside_which_it_stands(client: docker.DockerClient, image: str) -> None:
    def networks(reach: Reach) -> set[str]:
        container = client.containers.get(reach.network.removeprefix("container:"))
        return set(container.attrs["NetworkSettings"]["Networks"])

    with private_network(client) as network:
        async with outpost(watch(image), beside="") as one, outpost(watch(image), beside=str(network.name)) as other:
            (own,) = networks(one)
            assert client.networks.get(own).attrs["Driver"] == "bridge"
            assert own not in ("bridge", "host", network.name)
            assert networks(other) == {network.name}
        assert own not in {each.name for each in client.networks.list()}
        assert network.name in {each.name for each in client.networks.list()}


async def test_who_joins_it_has_the_name_of_this_machine(image: str, tmp_path: Path) -> None:
    """Agents write it into their points."""
    async with outpost(watch(image), beside="") as reach:
        program = Program(image=image, name="hostname", arguments=[], folder=tmp_path, environment={}, network=reach.network)
        ended = await execute(program, limit_s=60)
    assert isinstance(ended, Completed)
    assert ended.stdout.strip() == socket.gethostname()


async def test_it_is_as_restricted_as_those_that_join_it(client: docker.DockerClient, image: str) -> None:
    async with outpost(watch(image), beside="") as reach:
        attributes = client.containers.get(reach.network.removeprefix("container:")).attrs
    host = attributes["HostConfig"]
    assert (host["ReadonlyRootfs"], host["CapDrop"], host["SecurityOpt"]) == (True, ["ALL"], ["no-new-privileges:true"])
    assert attributes["Config"]["User"] == f"{os.getuid()}:{os.getgid()}"
    assert host["PortBindings"] in (None, {})


async def test_one_that_is_interrupted_leaves_nothing(image: str, left: Callable[[], set[str]]) -> None:
    """At whatever moment."""

    async def stand() -> None:
        async with outpost(watch(image), beside=""):
            await asyncio.sleep(600)

    for moment_s in (0.05, 0.3, 1.5):
        standing = asyncio.create_task(stand())
        await asyncio.sleep(moment_s)
        standing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await standing
        assert not left()


async def test_what_a_killed_run_left_is_removed_by_the_next(
    client: docker.DockerClient, telegraf_image: str, left: Callable[[], set[str]], tmp_path: Path
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, telegraf_image, stdout=subprocess.PIPE, env={**os.environ, "TMPDIR": str(tmp_path)}
    )
    assert process.stdout is not None
    container = client.containers.get((await process.stdout.readline()).decode().strip())
    (network,) = container.attrs["NetworkSettings"]["Networks"]
    assert left() == {container.name, network}
    process.kill()
    await process.wait()
    async with Telegraf(TelegrafSettings(image=telegraf_image)).connected("") as reach:
        assert isinstance(reach, Reach)
        deadline = time.monotonic() + 30
        while {container.name, network} & left():  # another run may be about it, too
            assert time.monotonic() < deadline
            await asyncio.sleep(0.1)


async def test_it_can_be_left_when_the_engine_is_gone(telegraf_image: str, lose_engine: Callable[[], None]) -> None:
    async with Telegraf(TelegrafSettings(image=telegraf_image)).connected("") as reach:
        assert isinstance(reach, Reach)
        lose_engine()


def test_a_network_that_others_have_joined_stays(client: docker.DockerClient, image: str, left: Callable[[], set[str]]) -> None:
    """Removing it fails no run; a later one tries again."""
    with private_network(client) as network:
        other = client.containers.create(image, network_mode=network.name)
        other.start()
    try:
        assert left() == {network.name}
    finally:
        other.remove(force=True, v=True)
    sweep(client)
    assert not left()


def test_where_the_gateway_is_not_of_this_machine_its_loopback_is_reached_by_name() -> None:
    """As with Docker Desktop. 192.0.2.0/24 is for documentation (RFC 5737): nobody has it."""
    network = Network(attrs={"IPAM": {"Config": [{"Subnet": "192.0.2.0/24", "Gateway": "192.0.2.1"}]}})
    assert reach_from(network) == Reach(host=DESKTOP, address=HERE.address)


async def test_the_name_leads_to_the_machine_of_the_engine(image: str, tmp_path: Path) -> None:
    program = Program(
        image=image,
        name="cat",
        arguments=["/etc/hosts"],
        folder=tmp_path,
        environment={},
        network="bridge",
        hosts={DESKTOP: "host-gateway"},
    )
    ended = await execute(program, limit_s=60)
    assert isinstance(ended, Completed)
    assert DESKTOP in ended.stdout


@contextmanager
def firewall(network: Network) -> Iterator[None]:
    """Lets nothing of a network in."""
    if os.geteuid() != 0 or shutil.which("iptables") is None:
        pytest.skip("a firewall takes root and iptables")
    rule = ["INPUT", "--in-interface", f"br-{str(network.id)[:12]}", "--jump", "DROP"]
    subprocess.run(["iptables", "--wait", "--insert", *rule], check=True)
    try:
        yield
    finally:
        subprocess.run(["iptables", "--wait", "--delete", *rule], check=True)


async def test_a_firewall_between_them_is_a_missing_tool_and_no_verdict(
    client: docker.DockerClient, telegraf_image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LIMIT_S", 3.0)
    telegraf = Telegraf(TelegrafSettings(image=telegraf_image))
    with private_network(client) as network, firewall(network):
        async with telegraf.connected(str(network.name)) as reach:
            assert isinstance(reach, Skipped)
    assert f"containers of {telegraf_image} do not reach this machine at" in reach.reason
    assert "firewall" in reach.hint


async def test_one_that_ends_at_once_says_why(image: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LIMIT_S", 3.0)
    with pytest.raises(ContainerError, match=r"do not reach this machine at .*: no configuration$"):
        async with outpost(watch(image, "raise SystemExit('no configuration')"), beside=""):
            pytest.fail("it does not stand")
