"""A disk that fills up or becomes read-only under the real process: what was acknowledged stays, and clients are told."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

UNAVAILABLE = {"code": "unavailable", "message": "dml handler error: no healthy upstream ingesters available"}


def write_until_refused(peer: Any, acknowledged: list[int], *, size: int) -> None:
    """Adds the times that were acknowledged. Each request writes to two tables, one of them new, and as many bytes."""
    for number in range(len(acknowledged), len(acknowledged) + 1000):
        answer = write(peer, number, size)
        if answer.status != 204:
            assert (answer.status, answer.json) == (503, UNAVAILABLE)
            return
        acknowledged.append(number)
    pytest.fail("the disk never refused anything")


def write(peer: Any, number: int, size: int) -> Any:
    return peer.write(f'm f={number} {number}\nnew{number % 100} f=1,s="{"x" * size}" {number}')


def stored(peer: Any) -> list[int]:
    """The times of all requests; each is there with both of its points."""
    times = [(row["table"] == "m", row["time_ns"]) for row in peer.rows()]
    found = sorted(time_ns for in_m, time_ns in times if in_m)
    assert sorted(time_ns for in_m, time_ns in times if not in_m) == found
    return found


def test_a_disk_that_fills_up(small_disk: Path, serve: Callable[..., Any]) -> None:
    (small_disk / "other").write_bytes(b"x" * 500_000)
    served = serve("--data", str(small_disk / "data"))
    peer = served.peer()
    acknowledged: list[int] = []
    write_until_refused(peer, acknowledged, size=20_000)
    before = len(acknowledged)
    assert peer.ask("GET", "/health").status == 200
    assert stored(peer) == acknowledged
    (small_disk / "other").unlink()
    write_until_refused(peer, acknowledged, size=20_000)
    assert len(acknowledged) > before > 0
    served.stop(signal.SIGKILL)
    assert stored(serve("--data", str(small_disk / "data")).peer(peer.token)) == acknowledged


def test_points_for_which_there_is_no_room_to_sort_them(small_disk: Path, serve: Callable[..., Any]) -> None:
    served = serve("--memory", SQLITE_TMPDIR=str(small_disk))
    peer = served.peer()
    many = "\n".join(f'm f="{"x" * 100}" {number}' for number in range(20_000))
    assert peer.write(f"few f=1 1\n{many}").status == 204
    answer = peer.ask("GET", "/admin/databases/sensors/points")
    assert (answer.status, answer.json) == (503, UNAVAILABLE)
    assert "disk is full" in served.log.read_text()
    assert peer.ask("GET", "/admin/databases/sensors/points?table=few").body.count(b"\n") == 1
    assert list(small_disk.iterdir()) == []
    assert shutil.disk_usage(small_disk).used < 100_000


class FragileDisk:
    """A file system of 8 MiB that the kernel makes read-only when it meets an error, under open files as well."""

    def __init__(self, folder: Path, mounts: ExitStack) -> None:
        self.image = folder / "image"
        self.folder = folder / "disk"
        self._mounts = mounts

    def make(self) -> None:
        """Makes and mounts it."""
        with self.image.open("wb") as file:
            file.truncate(8 << 20)
        subprocess.run(["mkfs.ext4", "-q", self.image], check=True)
        self.mount()
        if not self._fault.exists():
            pytest.skip(f"this kernel has no {self._fault}")

    def mount(self) -> None:
        """Mounts it; the skip is for a machine that has no loop devices."""
        self.folder.mkdir(exist_ok=True)
        command = ["mount", "-o", "loop,errors=remount-ro", str(self.image), str(self.folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"an image cannot be mounted here: {done.stderr.strip()}")
        self._mounts.callback(self._unmount)

    def _unmount(self) -> None:
        """Until the kernel has let go of it: a container that starts meanwhile holds all mounts for a moment."""
        known_to_the_kernel = self._fault.parent
        subprocess.run(["umount", self.folder], check=True)
        deadline = time.monotonic() + 30
        while known_to_the_kernel.exists() and time.monotonic() < deadline:
            time.sleep(0.01)

    def fail(self) -> None:
        """From now on it is read-only."""
        self._fault.write_text("a test")

    def repair(self) -> None:
        """It can be written to again."""
        self._mounts.close()
        self.mount()

    @property
    def _fault(self) -> Path:
        found = subprocess.run(["findmnt", "-no", "SOURCE", self.folder], capture_output=True, text=True, check=True)
        return Path("/sys/fs/ext4") / Path(found.stdout.strip()).name / "trigger_fs_error"


@pytest.fixture
def fragile_disk(tmp_path: Path) -> Iterator[FragileDisk]:
    if os.geteuid() != 0 or not shutil.which("mkfs.ext4"):
        pytest.skip("making a file system needs root and mkfs.ext4")
    with ExitStack() as mounts:
        disk = FragileDisk(tmp_path, mounts)
        disk.make()
        yield disk


def test_a_disk_that_becomes_read_only(fragile_disk: FragileDisk, serve: Callable[..., Any]) -> None:
    """With `--sync`, since the kernel drops what has not reached the disk.

    Between two requests: the kernel confirms a sync that is under way in that moment, and may drop what it confirmed.
    """
    arguments = ("--data", str(fragile_disk.folder / "data"), "--sync")
    served = serve(*arguments)
    peer = served.peer()
    acknowledged = [*range(10)]
    assert {write(peer, number, 10).status for number in acknowledged} == {204}
    fragile_disk.fail()
    write_until_refused(peer, acknowledged, size=10)
    assert len(acknowledged) == 10
    assert peer.ask("GET", "/health").status == 200
    assert stored(peer) == acknowledged
    assert served.stop() == 0
    refused = serve(*arguments)
    assert refused.process.wait(timeout=30) == 6
    assert re.search("it cannot be written to|the disk does not read or write", refused.log.read_text())
    fragile_disk.repair()
    restarted = serve(*arguments).peer(peer.token)
    assert stored(restarted) == acknowledged
    assert restarted.write("m f=1 99").status == 204


def test_a_disk_that_becomes_read_only_in_the_midst_of_writing(fragile_disk: FragileDisk, serve: Callable[..., Any]) -> None:
    """What was acknowledged before is there, and whatever else is there is whole."""
    arguments = ("--data", str(fragile_disk.folder / "data"), "--sync")
    served = serve(*arguments)
    peer = served.peer()
    acknowledged: list[int] = []
    with ThreadPoolExecutor() as pool:
        writing = pool.submit(write_until_refused, peer, acknowledged, size=10)
        while len(acknowledged) < 10 and not writing.done():
            time.sleep(0.001)
        before = len(acknowledged)
        fragile_disk.fail()
        writing.result()
    assert before >= 10
    assert stored(peer) == acknowledged
    assert served.stop() == 0
    fragile_disk.repair()
    there = stored(serve(*arguments).peer(peer.token))
    assert there == [*range(len(there))]
    assert before <= len(there) <= len(acknowledged) + 1
