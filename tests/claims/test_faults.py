"""A server that misbehaves in one way is caught by our docs alone: each fault is put on the wire between samples and server."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from docwitness.collect import collect
from docwitness.collection import Collection
from docwitness.config.reading import load
from docwitness.equipment import runners_for
from docwitness.pipeline import Run, RunOptions
from docwitness.report import Report
from docwitness.rule import Rule
from docwitness.targets.base import RunningTarget, Upstream
from docwitness.targets.embedded import Embedded

pytestmark = pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
"""Runs end here at the first failure, and asyncio leaves the socket open of a connection that comes as its server closes."""

ROOT = Path(__file__).parents[2]
_SPEC = importlib.util.spec_from_file_location("rewriting", ROOT / "tests/apps/rewriting.py")
assert _SPEC is not None
assert _SPEC.loader is not None
rewriting = importlib.util.module_from_spec(_SPEC)
sys.modules["rewriting"] = rewriting
_SPEC.loader.exec_module(rewriting)

PAGES = ("authenticate", "responses", "precision", "write/http", "line-protocol", "unsupported", "parameters")
"""The quick ones first: the first that fails is enough."""
LANGUAGES = ("shell", "python")


class Misbehaving:
    """The embedded server behind a proxy; scopes and what is stored are the server's own."""

    def __init__(self) -> None:
        self.fault = rewriting.Fault()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[RunningTarget]:
        async with (
            Embedded().running() as server,
            rewriting.Rewriting(server.upstream.host, server.upstream.port).running() as proxy,
        ):
            proxy.fault = self.fault
            server.upstream = Upstream(host="127.0.0.1", port=proxy.port)
            yield server


@cache
def collected(page: str, language: str) -> Collection:
    """A page with its samples in one language, and all its tables but those of tools."""
    collection = collect(load(ROOT), [ROOT / "docs" / f"{page}.md"])
    return replace(
        collection,
        samples=tuple(sample for sample in collection.samples if sample.language == language),
        claims=tuple(claim for claim in collection.claims if language == "shell" and claim.origin.role != "options"),
    )


def run(page: str, fault: object, language: str = "shell") -> Report:
    configuration = load(ROOT)
    target = Misbehaving()
    target.fault = fault
    runners = runners_for(configuration, {language})
    collection = collected(page, language)
    options = RunOptions(exit_first=True)
    run = Run(configuration, collection, runners=runners, target=target, options=options, listen=lambda _: None)
    return asyncio.run(run.execute())


def failures(report: Report) -> list[str]:
    failing = [verdict for verdict in report.verdicts if verdict.failing and verdict.rule is not Rule.NOT_RUN]
    return [f"{verdict.location}: {verdict.reason}" for verdict in failing]


def caught(fault: object) -> Iterator[str]:
    for language in LANGUAGES:
        for page in PAGES:
            yield from failures(run(page, fault, language))


@pytest.mark.parametrize("page", PAGES)
def test_without_a_fault_nothing_is_caught(page: str) -> None:
    assert failures(run(page, rewriting.Fault())) == []


def test_there_are_enough_faults() -> None:
    assert len(rewriting.FAULTS) > 50


@pytest.mark.parametrize("name", sorted(rewriting.FAULTS))
def test_a_fault_is_caught_by_the_docs_alone(name: str) -> None:
    assert next(caught(rewriting.FAULTS[name]), None), name


async def status_of_the_command(fault: object) -> int:
    """That of `docwitness run` against the address of the proxy."""
    async with (
        Embedded().running() as server,
        rewriting.Rewriting(server.upstream.host, server.upstream.port).running() as proxy,
    ):
        proxy.fault = fault
        command = (sys.executable, "-m", "docwitness", "run", "docs/index.md", "--target", f"http://127.0.0.1:{proxy.port}")
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        return await process.wait()


@pytest.mark.parametrize(("name", "status"), [(None, 0), ("ignores precision", 1), ("has other codes", 0)])
def test_the_command_fails_as_well(name: str | None, status: int, need: Callable[[str], str]) -> None:
    """A page that shows no error cannot catch other codes; one that shows seconds does catch a server that ignores them."""
    for tool in ("node", "telegraf"):
        need(tool)
    fault = rewriting.FAULTS[name] if name else rewriting.Fault()
    report = ROOT / ".docwitness" / "report.json"  # that of our last whole run, which the site is made from
    kept = report.read_bytes() if report.exists() else None
    try:
        assert asyncio.run(status_of_the_command(fault)) == status
    finally:
        if kept is not None:
            report.write_bytes(kept)
