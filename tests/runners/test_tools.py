"""Tools that are there and broken."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from docwitness.execution import Skipped
from docwitness.runners.base import Runner, Script, Workplace
from docwitness.runners.node import Node
from docwitness.runners.python import Python
from docwitness.runners.shell import Shell
from docwitness.runners.telegraf import Telegraf
from docwitness.settings import NodeSettings, PythonSettings, TelegrafSettings
from docwitness.tool import Tool

FAILS = "#!/bin/sh\nexit 1\n"


def tool(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("text", [FAILS, "\x7fELF is not what this is"])
@pytest.mark.parametrize(
    ("name", "runner"),
    [
        ("bash", Shell),
        ("node", lambda: Node(NodeSettings())),
        ("telegraf", lambda: Telegraf(TelegrafSettings())),
    ],
)
def test_a_tool_that_does_not_work_is_missing(
    name: str, runner: type[Runner], text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tool(tmp_path / name, text)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    found = asyncio.run(runner().tools())
    assert isinstance(found, Skipped)
    assert path in found.reason


def test_without_a_curl_that_works_only_samples_that_use_it_are_unproven(
    tmp_path: Path, workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tool(tmp_path / "curl", FAILS)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    shell = Shell()

    async def run(text: str) -> object:
        return await shell.run(Script(id="sample", text=text), workplace)

    found = asyncio.run(shell.tools())
    assert not isinstance(found, Skipped)
    assert [each.name for each in found] == ["bash"]
    missing = asyncio.run(run("curl --version"))
    assert isinstance(missing, Skipped)
    assert missing.reason == f"`{path} --version` fails, or takes more than 20 seconds"
    assert not isinstance(asyncio.run(run("true")), Skipped)


def test_a_tool_need_not_tell_its_version(tmp_path: Path) -> None:
    node = Node(NodeSettings(interpreter=tool(tmp_path / "node", "#!/bin/sh\n")))
    assert asyncio.run(node.tools()) == (Tool(name="node", version="unknown"),)


def test_an_interpreter_that_greets_is_no_trouble(tmp_path: Path) -> None:
    scripts = [Script(id="broken", text="(")]
    python = tool(tmp_path / "python", f'#!/bin/sh\necho hello\nexec {sys.executable} "$@"\n')
    assert asyncio.run(Python(PythonSettings(interpreter=python)).check(scripts)) == {}
    node = tool(tmp_path / "node", '#!/bin/sh\necho hello\nPATH=${PATH#*:} exec node "$@"\n')
    assert asyncio.run(Node(NodeSettings(interpreter=node)).check(scripts)) == {}


def test_packages_that_are_half_installed_are_no_trouble(tmp_path: Path) -> None:
    client = tmp_path / "node_modules" / "@influxdata" / "influxdb-client"
    client.mkdir(parents=True)
    (client / "package.json").write_text("")
    found = asyncio.run(Node(NodeSettings(packages=tmp_path)).tools())
    assert not isinstance(found, Skipped)
    assert [each.name for each in found] == ["node"]


def test_a_machine_without_room_for_temporary_folders_has_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile._get_default_tempdir", lambda: (_ for _ in ()).throw(FileNotFoundError()))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert not isinstance(asyncio.run(Shell().tools()), Skipped)
