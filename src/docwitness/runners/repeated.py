"""Runs one sample many times, each time with a change: quicker where the language allows, and with what it works with shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from docwitness.execution import Execution
from docwitness.runners.base import Runner, Script, Workplace
from docwitness.runners.node import Node
from docwitness.runners.preloaded import preloading
from docwitness.runners.python import Python

_TELL = Path(__file__).parent / "drivers" / "tell.cjs"


class Runs(Protocol):
    """The part of a runner that runs."""

    async def run(self, script: Script, workplace: Workplace) -> Execution:
        """Runs one script in a process of its own."""
        ...


@asynccontextmanager
async def repeated(runner: Runner, text: str) -> AsyncIterator[Runs]:
    """For variants of `text`. Those of Python share their imports, and in Python and Node a function can tell what objects hold."""
    match runner:
        case Python(interpreter=str(interpreter)):
            async with preloading(interpreter, text) as preloaded:
                yield preloaded
        case Node():
            yield _Telling(runner)
        case _:
            yield runner


class _Telling:
    """Node samples that can tell what objects hold."""

    def __init__(self, node: Node) -> None:
        self._node = node

    async def run(self, script: Script, workplace: Workplace) -> Execution:
        """Runs it; the function is there before it."""
        environment = {**workplace.environment, "NODE_OPTIONS": f'--require "{_TELL}"'}
        return await self._node.run(script, replace(workplace, environment=environment))
