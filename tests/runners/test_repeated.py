from __future__ import annotations

import asyncio
from collections.abc import Callable

from docwitness.execution import Completed
from docwitness.runners.base import Repeating, Script, Workplace
from docwitness.runners.node import Node
from docwitness.runners.preloaded import Preloaded
from docwitness.runners.python import Python
from docwitness.runners.telegraf import Telegraf
from docwitness.settings import NodeSettings, PythonSettings, TelegrafSettings


def test_a_node_sample_can_tell_what_an_object_holds(workplace: Workplace, need: Callable[[str], str]) -> None:
    need("node")
    made = "const a = { inner: { _limit: 5, deep: new Map() } };\na.me = a;"
    text = f"{made}\nconsole.log(globalThis.docwitnessTell(a, ['limit']) === a);"

    async def run() -> Completed:
        async with Node(NodeSettings()).repeated(text) as runs:
            execution = await runs.run(Script(id="s", text=text), workplace)
        assert isinstance(execution, Completed)
        return execution

    execution = asyncio.run(run())
    assert (execution.stdout, execution.stderr) == ("true\n", "docwitness: limit=5\n")


def test_python_samples_are_forked_and_others_run_as_ever() -> None:
    async def chosen() -> object:
        async with Python(PythonSettings()).repeated("import json") as runs:
            return runs

    assert isinstance(asyncio.run(chosen()), Preloaded)
    assert not isinstance(Telegraf(TelegrafSettings()), Repeating)
