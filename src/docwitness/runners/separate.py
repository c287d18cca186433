"""Sessions of runners whose samples share a folder, but no interpreter."""

from __future__ import annotations

from docwitness.execution import Execution
from docwitness.runners.base import Runs, Script, Workplace


class SeparateProcesses:
    """Runs each sample in a process of its own, in one workplace."""

    def __init__(self, runner: Runs, workplace: Workplace) -> None:
        self._runner = runner
        self._workplace = workplace

    async def run(self, script: Script) -> Execution:
        """Runs the next one."""
        return await self._runner.run(script, self._workplace)
