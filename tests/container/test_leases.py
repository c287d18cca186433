from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from docwitness.containers.leases import LEASE, MACHINE, abandoned, lease

HOLDER = """
from docwitness.containers.leases import lease
with lease() as labels:
    print(*labels.values(), sep="\\n", flush=True)
    input()
"""


def test_what_a_living_run_made_is_not_abandoned() -> None:
    with lease() as labels:
        assert not abandoned(labels)
        assert Path(labels[LEASE]).exists()


def test_what_a_run_made_is_abandoned_once_it_has_ended() -> None:
    with lease() as labels:
        pass
    assert abandoned(labels)
    assert not Path(labels[LEASE]).exists()


def test_what_a_killed_run_made_is_abandoned() -> None:
    """The file stays, but nobody holds its lock."""
    holder = subprocess.Popen([sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    labels = {LEASE: holder.stdout.readline().strip(), MACHINE: holder.stdout.readline().strip()}
    assert not abandoned(labels)
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    assert Path(labels[LEASE]).exists()
    assert abandoned(labels)
    assert not Path(labels[LEASE]).exists()


def test_what_another_machine_made_is_left_alone() -> None:
    with lease() as labels:
        pass
    assert not abandoned({**labels, MACHINE: "elsewhere"})


def test_what_others_made_is_left_alone() -> None:
    assert not abandoned({})
