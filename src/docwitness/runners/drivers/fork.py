"""Runs Python samples in processes that have its modules already: each is forked from an interpreter that imported them once.

It is run as a script by the interpreter of the samples, so it needs the standard library only, and nothing newer than Python 3.8.

The first line of its input is a JSON list of import statements. Every further one asks for a run: a JSON object with `id`, `file`,
`folder`, `environment`, `stdout` and `stderr` (files that take the output), `limit_s`. Each is answered with a line `ID STATUS`,
in the order in which the runs end; STATUS is the exit status as a shell reports it, or `-` for one that was stopped.
"""

import builtins
import json
import os
import selectors
import signal
import sys
import time
import traceback
import types

TELL = "_docwitness_tell"
DEPTH = 4
"""How far attributes of attributes are looked through."""


def main() -> None:
    """Serves until its input ends, then ends what still runs."""
    statements = json.loads(sys.stdin.readline())
    for statement in statements:
        try:
            exec(statement, {})  # noqa: S102
        except Exception:  # noqa: BLE001, S112 - the sample will meet it again, and says so
            continue
    setattr(builtins, TELL, tell)
    running: dict = {}
    wakeup, alarm = os.pipe()
    os.set_blocking(alarm, False)
    signal.set_wakeup_fd(alarm)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    selector = selectors.DefaultSelector()
    selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
    selector.register(wakeup, selectors.EVENT_READ)
    pending, reading = b"", True
    while reading or running:
        for key, _ in selector.select(timeout=0.1 if running else None):
            data = os.read(key.fd, 65536)
            if key.fd == wakeup:
                continue
            if not data:
                selector.unregister(key.fd)
                reading = False
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                begin(json.loads(line), running)
        collect(running)


def begin(request: dict, running: dict) -> None:
    """Forks a process for one run."""
    process = os.fork()
    if process == 0:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        run(request)
    running[process] = (request["id"], time.monotonic() + request["limit_s"])


def collect(running: dict) -> None:
    """Answers for the processes that have ended, and stops those whose time is over."""
    for process, (name, deadline) in list(running.items()):
        ended, status = os.waitpid(process, os.WNOHANG)
        if not ended and time.monotonic() < deadline:
            continue
        try:
            os.killpg(process, signal.SIGKILL)
        except ProcessLookupError:
            pass
        if not ended:
            os.waitpid(process, 0)
        del running[process]
        code = os.waitstatus_to_exitcode(status) if ended else None
        print(name, "-" if code is None else 128 - code if code < 0 else code, flush=True)


def run(request: dict) -> None:
    """In the new process: the file as a script of its folder. Never returns."""
    for fd, path in ((0, os.devnull), (1, request["stdout"]), (2, request["stderr"])):
        opened = os.open(path, os.O_RDONLY if fd == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(opened, fd)
        os.close(opened)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.path[0] = request["folder"]
    sys.argv = [request["file"]]
    sys.stdin = open(0, encoding="utf-8", closefd=False)
    module = sys.modules["__main__"] = types.ModuleType("__main__")
    module.__file__ = request["file"]
    with open(request["file"], encoding="utf-8") as file:  # noqa: PTH123
        text = file.read()
    exec(compile(text, request["file"], "exec"), module.__dict__)  # noqa: S102
