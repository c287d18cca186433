from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from docwitness.execution import Completed, Execution, Skipped, TimedOut
from docwitness.runners.base import Script, Workplace
from docwitness.runners.node import Node, is_module
from docwitness.settings import NodeSettings


@pytest.fixture(autouse=True)
def _node(need: Callable[[str], str]) -> None:
    need("node")


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A folder with one package installed, which has nothing but a name to export."""
    package = tmp_path / "packages" / "node_modules" / "greeting"
    package.mkdir(parents=True)
    (package / "package.json").write_text('{"name": "greeting", "main": "index.js"}')
    (package / "index.js").write_text('exports.hello = "hello";')
    return tmp_path / "packages"


def run(text: str, workplace: Workplace, *, packages: Path | None = None, timeout_s: float = 20.0) -> Execution:
    return asyncio.run(Node(NodeSettings(packages=packages)).run(Script(id="sample", text=text, timeout_s=timeout_s), workplace))


def completed(text: str, workplace: Workplace, *, packages: Path | None = None) -> Completed:
    execution = run(text, workplace, packages=packages)
    assert isinstance(execution, Completed)
    return execution


@pytest.mark.parametrize(
    ("text", "module"),
    [
        ("const response = await fetch(url);", True),
        ("await write();", True),
        ("import { Point } from '@influxdata/influxdb-client';", True),
        ("import'./setup.mjs';", True),
        ("export default 1;", True),
        ("console.log(1);", True),
        ("const fs = require('fs');", False),
        ("const fs = require('fs');\nimport('./a.mjs').then(console.log);", False),
        ("async function f() {\n  await g();\n}\nmodule.exports = f;", False),
    ],
)
def test_the_text_tells_modules_from_scripts(text: str, module: bool) -> None:
    assert is_module(text) is module


def test_a_module_runs(workplace: Workplace) -> None:
    execution = completed("import { readdirSync } from 'node:fs';\nconsole.log(await 7, readdirSync('.').join());", workplace)
    assert (execution.exit_status, execution.stdout, execution.stderr) == (0, "7 .sample.mjs\n", "")
    assert list(workplace.folder.iterdir()) == []


def test_a_script_runs(workplace: Workplace) -> None:
    assert completed("console.log(require('os').EOL.length);", workplace).stdout == "1\n"


@pytest.mark.parametrize(
    "text", ["import { hello } from 'greeting';\nconsole.log(hello);", "console.log(require('greeting').hello);"]
)
def test_packages_can_be_imported(text: str, workplace: Workplace, packages: Path) -> None:
    assert completed(text, workplace, packages=packages).stdout == "hello\n"


def test_an_unhandled_rejection_fails(workplace: Workplace) -> None:
    execution = completed("const a = 1;\nPromise.reject(new Error('no'));", workplace)
    assert (execution.exit_status, execution.failed_line, execution.syntax_error) == (1, 2, False)
    assert "at sample.mjs:2:16" in execution.stderr
    assert str(workplace.folder) not in execution.stderr


def test_an_undefined_name_is_named(workplace: Workplace) -> None:
    execution = completed("function f() {\n  return nothing;\n}\nf();", workplace)
    assert (execution.undefined_name, execution.failed_line) == ("nothing", 2)


def test_a_syntax_error_is_told_from_a_failure(workplace: Workplace) -> None:
    broken = completed("const a = {\n  b: 1\n  c: 2,\n};", workplace)
    assert (broken.syntax_error, broken.failed_line) == (True, 3)
    data = completed("JSON.parse('{');", workplace)
    assert (data.syntax_error, data.failed_line) == (False, 1)


def test_a_name_that_a_package_lacks_is_no_syntax_error(workplace: Workplace) -> None:
    execution = completed("import { nothing } from 'node:fs';\nnothing();", workplace)
    assert (execution.syntax_error, execution.failed_line) == (False, 1)


def test_a_sample_that_hangs_is_stopped(workplace: Workplace) -> None:
    assert isinstance(run("setInterval(() => {}, 1000);", workplace, timeout_s=0.5), TimedOut)


def test_samples_of_a_session_share_the_folder(workplace: Workplace) -> None:
    async def run_both() -> list[Execution]:
        texts = (
            "import { writeFileSync } from 'fs';\nwriteFileSync('a', 'b');",
            "console.log(require('fs').readFileSync('a', 'utf8'));",
        )
        async with Node(NodeSettings()).session(workplace) as samples:
            return [await samples.run(Script(id="sample", text=text)) for text in texts]

    second = asyncio.run(run_both())[1]
    assert isinstance(second, Completed)
    assert second.stdout == "b\n"


def test_faults_are_found_without_running() -> None:
    scripts = [
        Script(id="right", text="import { nothing } from 'no-such-package';\nprocess.exit(9);"),
        Script(id="comma", text="await fetch('x', {\n  method: 'POST'\n  body: '',\n});"),
        Script(id="script", text="const fs = require('fs');\nfs.readFile(;"),
        Script(id="await", text="const fs = require('fs');\nfunction f() {\n  await fs;\n}"),
    ]
    faults = asyncio.run(Node(NodeSettings()).check(scripts))
    assert {name: fault.line for name, fault in faults.items()} == {"comma": 3, "script": 2, "await": 3}
    assert faults["script"].message == "SyntaxError: Unexpected token ';'"


def test_the_tools_have_versions(packages: Path) -> None:
    client = packages / "node_modules" / "@influxdata" / "influxdb-client"
    client.mkdir(parents=True)
    (client / "package.json").write_text('{"version": "1.2.3"}')
    tools = asyncio.run(Node(NodeSettings(packages=packages)).tools())
    assert not isinstance(tools, Skipped)
    assert [tool.name for tool in tools] == ["node", "@influxdata/influxdb-client"]
    assert tools[1].version == "1.2.3"


def test_an_old_node_is_not_used(tmp_path: Path) -> None:
    old = tmp_path / "node"
    old.write_text("#!/bin/sh\necho v18.20.4\n")
    old.chmod(0o755)
    assert asyncio.run(Node(NodeSettings(interpreter=str(old))).tools()) == Skipped(
        reason=f"{old} is Node 18.20.4", hint="install Node 20 or later"
    )


def test_missing_packages_are_a_value(workplace: Workplace, tmp_path: Path) -> None:
    execution = run("", workplace, packages=tmp_path)
    assert execution == Skipped(reason=f"{tmp_path} has no node_modules", hint="run `npm ci` there")


def test_a_missing_node_is_a_value(workplace: Workplace) -> None:
    node = Node(NodeSettings(interpreter="no-such-node"))
    assert isinstance(asyncio.run(node.tools()), Skipped)
    assert isinstance(asyncio.run(node.run(Script(id="sample", text=""), workplace)), Skipped)
    assert asyncio.run(node.check([Script(id="sample", text="(")])) == {}
