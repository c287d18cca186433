"""Work on many items that one interpreter does one after another, shared out among forked copies of this process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from typing import TypeVar

_FEWEST = 8
"""Items in a share that are worth a process."""

Item = TypeVar("Item")
Result = TypeVar("Result")
Work = Callable[[Sequence[Item]], list[Result]]
"""One result for each item, in their order."""


def in_shares(work: Work[Item, Result], items: Sequence[Item], *, most: int | None = None) -> list[Result]:
    """Does `work` on all items, a share of them here and one in each copy; raises what `work` raises.

    There are at most `most` shares: without it, one for each core. Where a process cannot be copied safely (systems other than
    Linux, or with threads), and for few items, all is done here.
    """
    forks = sys.platform == "linux" and threading.active_count() == 1
    count = min(most or os.cpu_count() or 1, len(items) // _FEWEST) if forks else 1
    if count < 2:
        return work(items)
    shares = [items[first::count] for first in range(count)]
    with ExitStack() as stack:
        copies = [stack.enter_context(_copy(work, share)) for share in shares[1:]]
        done = [work(shares[0]), *(_received(copy, work, share) for copy, share in zip(copies, shares[1:], strict=True))]
    return [done[number % count][number // count] for number in range(len(items))]


@contextmanager
def _copy(work: Work[Item, Result], share: Sequence[Item]) -> Iterator[Connection]:
    """A copy of this process that works on a share; it is gone when the block ends, however that ends."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(work, share, there), daemon=True)
    process.start()
    there.close()
    try:
        yield here
    finally:
        here.close()
        process.kill()
        process.join()


def _send(work: Work[Item, Result], share: Sequence[Item], answer: Connection) -> None:
    """In the copy: results, or what was raised. An interrupt is left to the process that waits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        outcome: list[Result] | Exception = work(share)
    except Exception as error:  # noqa: BLE001 - raised again where it is received
        outcome = error
    answer.send(outcome)


def _received(copy: Connection, work: Work[Item, Result], share: Sequence[Item]) -> list[Result]:
    try:
        outcome = copy.recv()
    except EOFError:  # the copy was killed, as for want of memory
        return work(share)
    if isinstance(outcome, Exception):
        raise outcome
    return list(outcome)
