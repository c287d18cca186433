from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "tools" / "provide.py"


@pytest.fixture
def provide(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    specification = importlib.util.spec_from_file_location("provide", SCRIPT)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    monkeypatch.setitem(sys.modules, "provide", module)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """Puts a shell script before everything else on PATH."""
    folder = tmp_path / "on-path"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)

    def make(name: str, script: str) -> Path:
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
        return folder / name

    return make


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """Packages to install: none, so that no index is asked."""
    folder = tmp_path / "packages"
    folder.mkdir()
    (folder / "package.json").write_text('{"name": "none", "version": "1.0.0"}')
    (folder / "package-lock.json").write_text(
        '{"name": "none", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "none"}}}'
    )
    return folder


def test_a_recent_telegraf_with_the_plugins_is_taken(provide: ModuleType, tool: Callable[[str, str], Path], tmp_path: Path) -> None:
    found = tool("telegraf", "echo Telegraf 1.38.0")
    assert provide.telegraf(tmp_path) == provide.Tool(path=str(found), version="1.38.0", origin="PATH")


@pytest.mark.parametrize(
    "script",
    ["echo Telegraf 1.37.2", "echo Telegraf unknown", "[ $1 = version ] && echo Telegraf 1.39.3", "echo Telegraf 1.39.3; exit 1"],
)
def test_no_other_telegraf_is_taken(script: str, provide: ModuleType, tool: Callable[[str, str], Path], tmp_path: Path) -> None:
    """The version is too old or unknown, or its configuration check fails: then it is built, which this Go cannot."""
    tool("telegraf", script)
    tool("go", "[ $1 = version ] && echo go version go1.26.0 linux/amd64 || { echo no module >&2; exit 1; }")
    with pytest.raises(provide.UnavailableError, match=r"could not build Telegraf 1\.39\.3 .*no module"):
        provide.telegraf(tmp_path / "cache")


def test_a_telegraf_that_hangs_or_cannot_run_is_not_taken(
    provide: ModuleType,
    tool: Callable[[str, str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(provide, "_ANSWER_LIMIT_S", 1.0)
    hanging = tool("telegraf", "[ $1 = version ] && echo Telegraf 1.39.3 || exec sleep 60")
    tool("go", "[ $1 = version ] && echo go version go1.26.0 linux/amd64 || { echo no module >&2; exit 1; }")
    with pytest.raises(provide.UnavailableError, match="no module"):
        provide.telegraf(tmp_path / "cache")
    assert f"provide: {hanging} is not used: " in capsys.readouterr().err
    hanging.write_text("#!/no/such/interpreter\n")
    with pytest.raises(provide.UnavailableError, match="no module"):
        provide.telegraf(tmp_path / "cache")


def test_a_built_telegraf_is_kept(provide: ModuleType, tool: Callable[[str, str], Path], tmp_path: Path) -> None:
    tool("telegraf", "exit 1")
    builds = tmp_path / "builds"
    build = f"echo >>{builds}; printf '#!/bin/sh\\necho Telegraf 1.39.3\\n' >$GOBIN/telegraf; chmod +x $GOBIN/telegraf"
    tool("go", f"[ $1 = version ] && echo go version go1.26.0 linux/amd64 || {{ {build}; }}")
    first, second = (provide.telegraf(tmp_path / "cache") for _ in range(2))
    assert first == second
    assert Path(first.path) == tmp_path / "cache" / "bin" / "telegraf"
    assert builds.read_text() == "\n"


def test_packages_are_installed_once_for_each_lock_file(
    provide: ModuleType, packages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if shutil.which("npm") is None and not os.environ.get("CI"):
        pytest.skip("npm is not on PATH; Node would come from its wheel")
    said = []
    for change in ("", "", " "):
        lock = packages / "package-lock.json"
        lock.write_text(lock.read_text() + change)
        provide.node(packages, packages)
        said.append("install the packages" in capsys.readouterr().err)
    assert said == [True, False, True]


def test_the_result_says_what_is_missing(tool: Callable[[str, str], Path], tmp_path: Path) -> None:
    tool("telegraf", "exit 1")
    tool("go", "[ $1 = version ] && echo go version go1.26.0 linux/amd64")
    command = [sys.executable, str(SCRIPT), "--json", "--cache", str(tmp_path / "cache"), "telegraf"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    result = json.loads(answer.stdout)
    assert answer.returncode == 1
    assert result["telegraf"]["missing"].startswith("could not build Telegraf")
    assert result["bin"] == str(tmp_path / "cache" / "bin")
