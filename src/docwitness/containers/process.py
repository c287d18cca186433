"""Runs a program of an image once, as `docwitness.process` runs one of this machine."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import docker
from docker.models.containers import Container
from docker.models.images import Image

from docwitness.containers import images
from docwitness.containers.blocking import to_its_end
from docwitness.containers.confinement import confined
from docwitness.containers.engine import engine, failing_as, remove
from docwitness.containers.errors import ContainerError
from docwitness.containers.leases import lease
from docwitness.execution import Completed, Execution, Skipped, TimedOut
from docwitness.process import Output

_PATIENCE_S = 60
_MEMORY_MB = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What to run, and where."""

    image: str
    name: str
    """Of the program; looked up on the PATH of the image."""
    arguments: Sequence[str]
    folder: Path
    """Where it works, and may write; it finds this and the other folders in the places that they have here."""
    readable: Sequence[Path] = ()
    environment: Mapping[str, str]
    """But for PATH, which is the image's own."""
    network: str = "none"
    """What it joins: the name of a network, or `container:ID`."""
    hostname: str | None = None
    """None: any, or that of the container whose network it joins."""
    hosts: Mapping[str, str] = field(default_factory=dict)
    """Names that it knows besides, and what they stand for."""


async def execute(program: Program, *, limit_s: float) -> Execution:
    """Runs it to its end, as the user who runs docwitness; after `limit_s` seconds it is killed. No container is left."""
    process = ContainedProcess(program)
    try:
        await to_its_end(process.start)
        started = time.perf_counter()
        try:
            async with asyncio.timeout(limit_s):
                status = await asyncio.to_thread(process.wait, limit_s)
        except TimeoutError:
            stdout, stderr = await asyncio.to_thread(process.output)
            return TimedOut(limit_s=limit_s, stdout=stdout, stderr=stderr)
        duration_s = time.perf_counter() - started
        stdout, stderr = await asyncio.to_thread(process.output)
        return Completed(exit_status=status, stdout=stdout, stderr=stderr, duration_s=duration_s)
    except ContainerError as error:
        return Skipped(reason=str(error))
    finally:
        await to_its_end(process.remove)


class ContainedProcess:
    """A program in a container, from which all is taken that it does not need.

    Every method blocks; where the engine fails, all but `remove` raise `ContainerError`.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self._name = f"{program.name} of {program.image}"
        self._stack = ExitStack()
        self._container: Container

    def start(self) -> str:
        """The id of its container."""
        with failing_as(f"{self._name} cannot be started"):
            client = self._stack.enter_context(engine())
            image = images.provide(client, self._program.image, build=None, stopped=lambda: False)
            self._container = self._created(client, image)
            self._stack.callback(remove, self._container)
            self._container.start()
            return str(self._container.id)

    def wait(self, limit_s: float) -> int:
        """Its exit status, once it has ended."""
        with failing_as(f"the end of {self._name} cannot be seen"):
            return int(self._container.wait(timeout=limit_s + _PATIENCE_S)["StatusCode"])

    def output(self) -> tuple[str, str]:
        """What it wrote to standard output and to standard error."""
        with failing_as(f"what {self._name} wrote cannot be read"):
            return self._read(stdout=True), self._read(stdout=False)

    def remove(self) -> None:
        """Ends it, and leaves nothing of it."""
        self._stack.close()

    def _created(self, client: docker.DockerClient, image: Image) -> Container:
        program = self._program
        return client.containers.create(
            image,
            list(program.arguments),
            entrypoint=[program.name],
            environment={name: value for name, value in program.environment.items() if name != "PATH"},
            user=f"{os.getuid()}:{os.getgid()}",
            working_dir=str(program.folder),
            volumes={str(folder): {"bind": str(folder), "mode": "ro"} for folder in program.readable}
            | {str(program.folder): {"bind": str(program.folder), "mode": "rw"}},
            network_mode=program.network,
            hostname=program.hostname,
            extra_hosts=dict(program.hosts),
            labels=dict(self._stack.enter_context(lease())),
            **confined(_MEMORY_MB),
        )

    def _read(self, *, stdout: bool) -> str:
        output = Output()
        for piece in self._container.logs(stdout=stdout, stderr=not stdout, stream=True, follow=False):
            output.feed(piece)
        return output.text
