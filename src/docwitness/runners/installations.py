"""Where Telegraf is: a program of this machine, or an image for those who have none."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from docwitness.containers.errors import ContainerError
from docwitness.execution import Completed, Execution, Skipped
from docwitness.process import execute
from docwitness.reach import HERE, Reach
from docwitness.runners.base import Workplace
from docwitness.runners.tools import find, version_in, version_of

_HINT_CONNECTION = "let containers reach this machine, where a firewall keeps them from it, or set the binary of runners.telegraf"
_HINT = "install Telegraf 1.38 or later, or set the binary, or the image, of runners.telegraf"


class Binary:
    """A program of this machine."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._path = find(name)

    async def version(self) -> str | Skipped:
        """Its version, or `unknown`; or that there is none."""
        return self._missing() if self._path is None else await version_of([self._path, "version"])

    async def execute(self, arguments: Sequence[str], *, scratch: Path, workplace: Workplace, limit_s: float) -> Execution:  # noqa: ARG002
        """Runs it once in a workplace."""
        if self._path is None:
            return self._missing()
        return await execute([self._path, *arguments], folder=workplace.folder, environment=workplace.environment, limit_s=limit_s)

    @asynccontextmanager
    async def connected(self, beside: str) -> AsyncIterator[Reach | Skipped]:  # noqa: ARG002
        """It runs here."""
        yield HERE

    def _missing(self) -> Skipped:
        return Skipped(reason=f"there is no Telegraf: {self.name}", hint=_HINT)


class ContainerImage:
    """The program `telegraf` of an image; each run has a container of its own, all of them the same place in a private network."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def version(self) -> str | Skipped:
        """Its version, or `unknown`; or why there is none."""
        with tempfile.TemporaryDirectory(prefix="docwitness-") as folder:
            workplace = Workplace(folder=Path(folder), environment={})
            answer = await self.execute(["version"], scratch=Path(folder), workplace=workplace, limit_s=60)
        if isinstance(answer, Skipped):
            return answer
        return version_in(answer.stdout) if isinstance(answer, Completed) and answer.exit_status == 0 else "unknown"

    async def execute(self, arguments: Sequence[str], *, scratch: Path, workplace: Workplace, limit_s: float) -> Execution:
        """Runs it once in a workplace; it may read `scratch`."""
        try:
            from docwitness.containers import process  # noqa: PLC0415 - an extra, and slow to import
        except ModuleNotFoundError as error:
            return Skipped(reason=f"there is no module {error.name}", hint="pip install 'docwitness[container]'")
        program = process.Program(
            image=self.name,
            name="telegraf",
            arguments=arguments,
            folder=workplace.folder,
            readable=() if scratch == workplace.folder else (scratch,),
            environment=workplace.environment,
            network=workplace.reach.network or "none",
        )
        return await process.execute(program, limit_s=limit_s)

    @asynccontextmanager
    async def connected(self, beside: str) -> AsyncIterator[Reach | Skipped]:
        """The place is held by a Telegraf that waits for a configuration, which it asks us for."""
        from docwitness.containers.outpost import Watch, outpost  # noqa: PLC0415 - an extra, and slow to import

        watch = Watch(image=self.name, name="telegraf", arguments=lambda url: ["--unprotected", "--config", url])
        async with AsyncExitStack() as stack:
            try:
                reach: Reach | Skipped = await stack.enter_async_context(outpost(watch, beside=beside))
            except ContainerError as error:
                reach = Skipped(reason=str(error), hint=_HINT_CONNECTION)
            yield reach
