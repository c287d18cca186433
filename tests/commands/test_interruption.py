"""What is left behind when a run is ended: nothing but its report."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import uuid
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="processes are looked up in /proc")


def _processes(marker: str) -> list[str]:
    """The command lines that hold the marker."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if marker in line:
            found.append(line)
    return found


def _wait(condition: Any, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _page(marker: str) -> str:
    """A sample with a child in the background, one that hangs, and one that waits for its turn."""
    background = f"exec -a {marker}-child sleep 600"
    return (
        "<!-- docwitness: id=quick -->\n```sh\ntrue\n```\n\n"
        f"<!-- docwitness: id=hangs timeout=300 -->\n```sh\n({background}) &\n(exec -a {marker}-own sleep 600)\n```\n\n"
        f"<!-- docwitness: id=ignores timeout=300 -->\n```sh\ntrap '' TERM INT\n(exec -a {marker}-deaf sleep 600)\n```\n\n"
        "<!-- docwitness: id=waits -->\n```sh\ntrue\n```\n"
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_no_process_no_folder_and_a_report(project: Any, tmp_path: Path, number: signal.Signals) -> None:
    marker, scratch = f"marked-{uuid.uuid4().hex}", tmp_path / "scratch"
    scratch.mkdir()
    project.page(_page(marker))
    (project.folder / ".docwitness").mkdir()
    (project.folder / ".docwitness" / "durations.json").write_text('{"quick": 90, "hangs": 30, "ignores": 29, "waits": 1}')
    process = subprocess.Popen(
        project.command("run", "--json", "report.json", "-j", "2"),
        cwd=project.folder,
        env=project.environment(TMPDIR=str(scratch)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        # Not the shells, whose command line holds the whole sample: the third sleeps only when the quick sample is through.
        assert _wait(lambda: sum(line.startswith(marker) for line in _processes(marker)) == 3), _processes(marker)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
        process.communicate()
    assert (process.returncode, "Traceback" in err) == (2, False)
    assert _wait(lambda: not _processes(marker), 2), _processes(marker)
    assert list(scratch.iterdir()) == []
    report = project.report()
    assert report["interrupted"] is True
    assert {claim["id"]: (claim["verdict"], claim.get("rule")) for claim in report["claims"]} == {
        "quick": ("proven", None),
        "hangs": ("unproven", "not-run"),
        "ignores": ("unproven", "not-run"),
        "waits": ("unproven", "not-run"),
    }
    assert "interrupted: 1 proven, 3 unproven" in out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_whoever_insists_gets_the_report_all_the_same(project: Any, number: signal.Signals) -> None:
    marker = f"marked-{uuid.uuid4().hex}"
    project.page(f"```sh\n(exec -a {marker} sleep 600)\n```\n")
    os.mkfifo(project.folder / "report.json")
    process = subprocess.Popen(
        project.command("run", "--json", "report.json"),
        cwd=project.folder,
        env=project.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert _wait(lambda: any(line.startswith(marker) for line in _processes(marker)))
        process.send_signal(number)
        assert _wait(lambda: not _processes(marker))
        time.sleep(0.5)
        process.send_signal(number)  # while it waits for somebody to read the report
        report = json.loads((project.folder / "report.json").read_text())
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
    finally:
        process.kill()
        process.communicate()
    assert (process.returncode, report["interrupted"], "Traceback" in err) == (2, True, False)


DIALECT = """import pathlib, time

class Theirs:
    name = "theirs"

    def __init__(self, root):
        pass

    def read(self, path, text):
        pathlib.Path("reading").touch()
        time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_pages_are_read_ends_in_order_too(project: Any, number: signal.Signals) -> None:
    project.page("```sh\ntrue\n```\n")
    with (project.folder / "docwitness.toml").open("a") as configuration:
        configuration.write('\n[dialects]\ndocs = "theirs"\n')
    packages = project.install("docwitness.dialects", "theirs", DIALECT)
    process = subprocess.Popen(
        project.command("run", "--json", "report.json"),
        cwd=project.folder,
        env=project.environment(PYTHONPATH=packages),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert _wait((project.folder / "reading").exists)
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
    finally:
        process.kill()
        process.communicate()
    assert (process.returncode, err.strip()) == (2, "docwitness: interrupted")
    assert project.report()["interrupted"] is True


def test_a_sample_that_never_ends_is_killed_with_all_that_it_started(project: Any) -> None:
    marker = f"marked-{uuid.uuid4().hex}"
    project.page(f"<!-- docwitness: id=hangs timeout=1 -->\n```sh\n(exec -a {marker} sleep 600) &\nsleep 600\n```\n")
    ended = project.run()
    assert (ended.status, ended.claims["hangs"]["rule"]) == (1, "timed-out")
    assert _processes(marker) == []


def test_what_a_sample_leaves_in_the_background_ends_with_it(project: Any) -> None:
    marker = f"marked-{uuid.uuid4().hex}"
    project.page(f"```sh\n(exec -a {marker} sleep 600) &\n```\n")
    assert project.run().status == 0
    assert _processes(marker) == []
