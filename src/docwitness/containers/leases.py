"""Leases: how a later run tells whether the run that made a container still lives.

A run holds the lock of a file while it lives; the system lets go of it with the last breath of the process, however it ends.
What the run makes carries the file's path in its labels.
"""

from __future__ import annotations

import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

LEASE = "io.docwitness.lease"
"""The label with the path of the lock's file."""
MACHINE = "io.docwitness.machine"
"""The label with the name of the machine that the file is on: an engine can serve several."""


@contextmanager
def lease() -> Iterator[Mapping[str, str]]:
    """Labels for everything that this run makes; they count as alive until the context is left or the process dies."""
    handle, name = tempfile.mkstemp(prefix="docwitness-lease-")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield {LEASE: name, MACHINE: socket.gethostname()}
    finally:
        Path(name).unlink(missing_ok=True)
        os.close(handle)


def abandoned(labels: Mapping[str, str]) -> bool:
    """Whether they are of a run on this machine that no longer lives. Its file, if it is still there, is removed."""
    if LEASE not in labels or labels.get(MACHINE) != socket.gethostname():
        return False
    try:
        handle = os.open(labels[LEASE], os.O_RDONLY)
    except FileNotFoundError:
        return True
    except OSError:
        return False  # another user's: not ours to judge
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        Path(labels[LEASE]).unlink(missing_ok=True)
        return True
    finally:
        os.close(handle)
