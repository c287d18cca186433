"""An outpost: a container that holds a place in a private network, which those that run the samples join.

To get such a place costs a container three times as much as all else that it needs to start, to join one nothing.
"""

from __future__ import annotations

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from docker.models.networks import Network

from docwitness.containers.blocking import to_its_end
from docwitness.containers.engine import engine, failing_as, sweep
from docwitness.containers.errors import ContainerError
from docwitness.containers.networks import DESKTOP, private_network, reach_from
from docwitness.containers.process import ContainedProcess, Program
from docwitness.reach import Reach

_LIMIT_S = 20.0
"""Between its start and its request, which does not come where a firewall loses it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """The program that holds the place: it makes a request, and waits until that is answered, which never happens."""

    image: str
    name: str
    arguments: Callable[[str], Sequence[str]]
    """By the URL that it is to ask."""


@asynccontextmanager
async def outpost(watch: Watch, *, beside: str) -> AsyncIterator[Reach]:
    """How containers that join it reach this machine. That they do is known: its request has come.

    They have the name of this machine, as what runs on it has. The outpost stands in the network `beside`, or in one of its own
    where that is empty. Raises `ContainerError`.
    """
    kept = ExitStack()
    try:
        network = await to_its_end(lambda: _network(kept, beside))
        reach = reach_from(network)
        async with _standing(watch, network, reach) as container:
            yield replace(reach, network=f"container:{container}")
    finally:
        await to_its_end(kept.close)


def _network(kept: ExitStack, beside: str) -> Network:
    with failing_as("the container engine makes no network"):
        client = kept.enter_context(engine())
        sweep(client)
        return client.networks.get(beside) if beside else kept.enter_context(private_network(client))


@asynccontextmanager
async def _standing(watch: Watch, network: Network, reach: Reach) -> AsyncIterator[str]:
    """The id of its container, once its request has come."""
    async with AsyncExitStack() as stack:
        listener = stack.enter_context(_listener(reach))
        process = ContainedProcess(
            Program(
                image=watch.image,
                name=watch.name,
                arguments=watch.arguments(f"http://{reach.host}:{listener.getsockname()[1]}/"),
                folder=Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="docwitness-"))),
                environment={},
                network=str(network.name),
                hostname=socket.gethostname(),
                hosts={DESKTOP: "host-gateway"} if reach.host == DESKTOP else {},
            )
        )
        stack.push_async_callback(to_its_end, process.remove)
        container = await to_its_end(process.start)
        try:
            async with asyncio.timeout(_LIMIT_S):
                stack.enter_context(await _request(listener, reach))
        except TimeoutError as error:
            _, said = await asyncio.to_thread(process.output)
            reason = f"containers of {watch.image} do not reach this machine at {reach.host}"
            raise ContainerError(": ".join((reason, *said.splitlines()[-1:]))) from error
        yield container


def _listener(reach: Reach) -> socket.socket:
    try:
        listener = socket.create_server((reach.address, 0))
    except OSError as error:
        raise ContainerError(f"nothing can listen at {reach.address}: {error.strerror}") from error
    listener.setblocking(False)
    return listener


async def _request(listener: socket.socket, reach: Reach) -> socket.socket:
    """The connection over which it comes."""
    while True:
        connection, (address, *_) = await asyncio.get_running_loop().sock_accept(listener)
        if reach.admits(address):
            return connection
        connection.close()
