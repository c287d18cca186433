"""Carries runs out: an event loop, and signals that end them in order."""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import signal
import sys
from typing import Any

import click

from docwitness.pipeline import Run
from docwitness.report import Report

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def driven(run: Run) -> Report:
    """Executes it to its end. Raises `TargetUnavailableError` when there is no target for it; its report can be had even then."""
    _use_pidfd()
    gc.freeze()  # the pages stay to the end: Python need not look through them again and again
    former = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        return asyncio.run(_interruptible(run))
    finally:
        # The loop leaves what kills at once; the report is still to be written, which takes a moment.
        interrupted = run.report().interrupted
        for number, handler in former.items():
            signal.signal(number, signal.SIG_IGN if interrupted else handler)


def _use_pidfd() -> None:
    """Lets Python 3.11 wait for processes as later ones do, without a thread for each."""
    if sys.platform == "linux" and sys.version_info < (3, 12):
        try:
            os.close(os.pidfd_open(os.getpid()))
        except OSError:  # an old kernel, or a sandbox that forbids it
            return
        asyncio.set_child_watcher(asyncio.PidfdChildWatcher())


class _Complaints:
    """What the event loop complains of. Once no more files may be open, it does so hundreds of times."""

    def __init__(self) -> None:
        self._told = False

    def hear(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Passes it on; of files, it is told once, and not what follows from that."""
        if self._told:
            return
        self._told = getattr(context.get("exception"), "errno", None) in (errno.EMFILE, errno.ENFILE)
        if self._told:
            advice = "run fewer samples at a time (--jobs), or allow more of them (ulimit -n)"
            click.echo(f"docwitness: no more files may be open: {advice}", err=True)
        else:
            loop.default_exception_handler(context)


async def _interruptible(run: Run) -> Report:
    """A signal ends the run in order: nothing is left running, and there is a report."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_Complaints().hear)
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, run.interrupt)
    return await run.execute()
