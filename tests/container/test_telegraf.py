from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docker
import pytest

from docwitness.containers.errors import ContainerError
from docwitness.containers.leases import LEASE
from docwitness.containers.process import ContainedProcess, Program, execute
from docwitness.execution import Completed, Skipped, TimedOut
from docwitness.runners.telegraf import Telegraf
from docwitness.settings import TelegrafSettings

pytestmark = pytest.mark.anyio


def script(image: str, folder: Path, text: str) -> Program:
    return Program(
        image=image, name="sh", arguments=["-c", text], folder=folder, environment={"PATH": "/nowhere", "WORD": "a word"}
    )


async def test_it_runs_in_the_folder_as_the_user_with_the_environment(image: str, tmp_path: Path) -> None:
    ended = await execute(script(image, tmp_path, "echo $WORD; pwd; id -u >&2; touch here || exit 4; exit 3"), limit_s=60)
    assert isinstance(ended, Completed)
    assert (ended.exit_status, ended.stdout, ended.stderr) == (3, f"a word\n{tmp_path}\n", f"{os.getuid()}\n")


async def test_it_is_in_no_network_unless_it_joins_one(image: str, tmp_path: Path) -> None:
    ended = await execute(script(image, tmp_path, "ls /sys/class/net"), limit_s=60)
    assert isinstance(ended, Completed)
    assert ended.stdout == "lo\n"


async def test_it_may_write_nothing_else(image: str, tmp_path: Path) -> None:
    ended = await execute(script(image, tmp_path, "touch /tmp/x /opt/x"), limit_s=60)
    assert isinstance(ended, Completed)
    assert ended.stderr.count("Read-only file system") == 2


async def test_one_that_hangs_is_killed(client: docker.DockerClient, image: str, tmp_path: Path) -> None:
    ended = await execute(script(image, tmp_path, f"echo begun; sleep 600 # {tmp_path}"), limit_s=2)
    assert ended == TimedOut(limit_s=2, stdout="begun\n", stderr="")
    left = client.containers.list(all=True, filters={"label": LEASE}, ignore_removed=True)
    assert not [each for each in left if str(tmp_path) in str(each.attrs["Args"])]


async def test_where_the_engine_goes_away_the_tool_is_missing(
    image: str, tmp_path: Path, lose_engine: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    """Of the container, which cannot be removed then, a later run takes care."""
    running = asyncio.create_task(execute(script(image, tmp_path, "touch begun; sleep 600"), limit_s=60))
    while not (tmp_path / "begun").exists():  # noqa: ASYNC110 - nothing tells when a file is there
        await asyncio.sleep(0.05)
    lose_engine()
    ended = await running
    assert isinstance(ended, Skipped)
    assert ended.reason.startswith("the container engine failed: ")
    assert "is left to a later run" in caplog.text


async def test_what_was_written_is_missing_where_the_engine_has_gone_away(
    image: str, tmp_path: Path, lose_engine: Callable[[], None]
) -> None:
    process = ContainedProcess(script(image, tmp_path, "true"))
    try:
        await asyncio.to_thread(process.start)
        assert await asyncio.to_thread(process.wait, 60) == 0
        lose_engine()
        with pytest.raises(ContainerError, match="the container engine failed: "):
            await asyncio.to_thread(process.output)
    finally:
        await asyncio.to_thread(process.remove)


async def test_what_the_engine_refuses_is_told_of_the_program(image: str, tmp_path: Path) -> None:
    ended = await execute(replace(script(image, tmp_path, "true"), network="no-such-network"), limit_s=60)
    assert isinstance(ended, Skipped)
    assert ended.reason.startswith(f"sh of {image} cannot be started: ")


async def test_a_missing_image_is_a_missing_tool() -> None:
    tools = await Telegraf(TelegrafSettings(image="localhost:1/no/such:telegraf")).tools()
    assert isinstance(tools, Skipped)
