"""The contract of a runner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from docwitness.execution import Execution, Skipped
from docwitness.reach import HERE, Reach
from docwitness.tool import Tool

DEFAULT_TIMEOUT_S = 30.0
"""Of a script whose page says nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A sample ready to run: placeholders filled."""

    id: str
    text: str
    console: bool = False
    timeout_s: float = DEFAULT_TIMEOUT_S
    """Seconds until it is killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """Where samples of one scope run."""

    folder: Path
    """Their working folder; exists, and is thrown away afterwards."""
    environment: Mapping[str, str]
    """Everything their processes inherit, and nothing else."""
    reach: Reach = HERE
    """From where they see this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntaxFault:
    """Why a tool cannot parse a sample."""

    message: str
    line: int | None = None
    """1-based line of the sample's text, when the tool names one."""


class Session(Protocol):
    """Samples that continue each other in one workplace, one after another."""

    async def run(self, script: Script) -> Execution:
        """Runs the next one to its end."""
        ...


class Runs(Protocol):
    """What runs scripts: a runner, or what it gives for variants of one sample."""

    async def run(self, script: Script, workplace: Workplace) -> Execution:
        """Runs one script in a process of its own."""
        ...


class Runner(Runs, Protocol):
    """Executes samples of one language."""

    @property
    def name(self) -> str:
        """The language it runs, a word of `docwitness.sample.Language` for ours."""
        ...

    async def tools(self) -> tuple[Tool, ...] | Skipped:
        """What it runs samples with, or why it cannot run any here. Asked once a run."""
        ...

    async def check(self, scripts: Sequence[Script]) -> dict[str, SyntaxFault]:
        """Parses scripts without running any: the faults found, by script id. Empty where only a run can tell."""
        ...

    def session(self, workplace: Workplace) -> AbstractAsyncContextManager[Session]:
        """For samples that continue each other; leaving it ends everything that they started."""
        ...


@runtime_checkable
class Distant(Protocol):
    """What a runner has as well whose samples may run elsewhere than on this machine itself."""

    def connected(self, beside: str) -> AbstractAsyncContextManager[Reach | Skipped]:
        """How they reach this machine, or why they don't; entered once a run, after `tools`, and left in the end.

        `beside` is the network of containers that the target is in; empty where it is in none.
        """
        ...


@runtime_checkable
class Repeating(Protocol):
    """What a runner has as well that runs variants of one sample quicker than others, or shows more of them.

    Only samples in languages of `docwitness.editors` are varied.
    """

    def repeated(self, text: str) -> AbstractAsyncContextManager[Runs]:
        """For variants of `text`; leaving it ends everything that they started."""
        ...


@runtime_checkable
class Listing(Protocol):
    """What a runner has as well whose tool tells which options there are; asked as `Repeating` is."""

    async def options(self, table: str) -> tuple[str, ...]:
        """Those of what a table of options is about; none where the tool does not know it."""
        ...
