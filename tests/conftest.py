"""Small throwaway projects, and docwitness as a user starts it in them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

SCHEMA = json.loads((Path(__file__).parents[1] / "docs/reference/report.schema.json").read_text(encoding="utf-8"))


def pytest_configure() -> None:
    """A shell that starts the tests in its background, or `nohup`, lets them ignore signals; what they start would inherit that.

    Signals that have a handler here are as usual there.
    """
    for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, _stay)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


def _stay(*_: object) -> None:
    """The tests themselves go on."""


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named by their argument: ids must be readable, and the same in each worker, whatever the bytes hold."""
    return argname if isinstance(val, bytes) and not (val.isascii() and val.decode().isprintable()) else None


CONFIGURATION = """paths = ["docs"]
[placeholders]
"https://cluster-id.influxdb.io" = "{url}"
DATABASE_TOKEN = "{token}"
DATABASE_NAME = "{database}"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A docwitness that has ended."""

    status: int
    out: str
    err: str
    report: Mapping[str, Any] | None

    @property
    def claims(self) -> dict[str, Any]:
        """By id."""
        assert self.report is not None
        return {claim["id"]: claim for claim in self.report["claims"]}


class Project:
    """A folder with a configuration and pages in plain CommonMark."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "docs").mkdir()
        (folder / "docwitness.toml").write_text(CONFIGURATION, encoding="utf-8")

    def page(self, text: str, name: str = "page.md") -> None:
        """Writes `docs/NAME`."""
        (self.folder / "docs" / name).write_text(text, encoding="utf-8")

    def install(self, group: str, name: str, code: str) -> str:
        """A package of somebody else with one entry point, the class `Theirs` of `code`: the folder for `PYTHONPATH`."""
        folder = self.folder.parent / "packages"
        information = folder / "theirs-1.0.dist-info"
        information.mkdir(parents=True)
        (information / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n", encoding="utf-8")
        (information / "entry_points.txt").write_text(f"[{group}]\n{name} = theirs:Theirs\n", encoding="utf-8")
        (folder / "theirs.py").write_text(code, encoding="utf-8")
        return str(folder)

    def command(self, *arguments: str) -> list[str]:
        """The real command, as a process of its own."""
        return [sys.executable, "-m", "docwitness", *arguments]

    def environment(self, **extra: str) -> dict[str, str]:
        """That of the tests, without what would change colours or progress."""
        meddling = {"NO_COLOR", "FORCE_COLOR", "CI", "TERM", "COLUMNS"}
        return {name: value for name, value in os.environ.items() if name not in meddling} | extra

    def docwitness(self, *arguments: str, **environment: str) -> Ended:
        """Runs it to its end; a report at `report.json` is validated against the schema."""
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment(**environment),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=100,
            check=False,
        )
        return Ended(status=done.returncode, out=done.stdout, err=done.stderr, report=self.report())

    def run(self, *arguments: str, **environment: str) -> Ended:
        """`docwitness run` with a JSON report."""
        return self.docwitness("run", "--json", "report.json", *arguments, **environment)

    def report(self) -> Mapping[str, Any] | None:
        """The report that was written, valid."""
        file = self.folder / "report.json"
        if not file.exists():
            return None
        report: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        Draft202012Validator(SCHEMA).validate(report)
        return report


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project."""
    folder = tmp_path / "project"
    folder.mkdir()
    return Project(folder)


@pytest.fixture
def anyio_backend() -> str:
    """The engine runs on asyncio."""
    return "asyncio"


@pytest.fixture(scope="session")
def need() -> Callable[[str], str]:
    """Finds a tool; without it the test is skipped, but fails in CI."""

    def find(tool: str) -> str:
        found = shutil.which(tool)
        if found is None:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{tool} is not on PATH")
        return found

    return find
