"""Runs Python samples in processes that have their modules already: each is forked from an interpreter that imported them once.

It is run as a script by the interpreter of the samples, so it needs the standard library only, and nothing newer than Python 3.9.

The first line of its input is a JSON list of import statements. Each further line asks for a run: a JSON object with `id`, `file`,
`folder`, `environment`, `stdout` and `stderr` (files that take the output), and `limit_s`. It is answered with a line
`ended ID STATUS` when the run has ended; STATUS is the exit status as a shell reports it, or `-` for one that was stopped.
"""

from __future__ import annotations

import builtins
import gc
import json
import os
import selectors
import signal
import sys
import time
import traceback
import types
from collections.abc import Iterator
from typing import Any

ENDED = "ended"
TELL = "_docwitness_tell"
DEPTH = 4
"""How far attributes of attributes are looked through."""
SIMPLE = (bool, int, float, str, type(None))


def main() -> None:
    """Serves until its input ends and nothing runs any more."""
    setattr(builtins, TELL, tell)
    answers = os.dup(1)
    os.dup2(2, 1)  # modules may print when they are imported
    waking, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    selector = selectors.DefaultSelector()
    selector.register(0, selectors.EVENT_READ)
    selector.register(waking, selectors.EVENT_READ)
    requests = lines(selector, waking)
    preload(json.loads(next(filter(None, requests))))
    gc.collect()
    gc.freeze()  # what all runs share is not gone through at the end of each
    running: dict[int, tuple[str, float]] = {}
    for line in requests:
        if line:
            begin(json.loads(line), running)
        collect(running, answers)
    while running:
        time.sleep(0.01)
        collect(running, answers)


def lines(selector: selectors.BaseSelector, waking: int) -> Iterator[bytes]:
    """Lines of the standard input; empty ones in between, when a run has ended or may have had its time."""
    pending = b""
    while True:
        for key, _ in selector.select(timeout=0.1):
            data = os.read(key.fd, 65536)
            if key.fd == waking:
                continue
            if not data:
                return
            *whole, pending = (pending + data).split(b"\n")
            yield from whole
        yield b""


def preload(statements: list[str]) -> None:
    """Imports what the samples will import; what cannot be imported fails the sample, not this."""
    for statement in statements:
        try:
            exec(statement, {})  # noqa: S102
        except (Exception, SystemExit):  # noqa: BLE001
            sys.stderr.write(f"not imported: {statement}\n")
    sys.stdout.flush()  # or each run would print it again


def begin(request: dict[str, Any], running: dict[int, tuple[str, float]]) -> None:
    """Forks the process of one run; there, it does not return."""
    process = os.fork()
    if process == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        sys.exit(run(request))
    running[process] = (request["id"], time.monotonic() + request["limit_s"])


def collect(running: dict[int, tuple[str, float]], answers: int) -> None:
    """Answers for the runs that have ended, and stops those whose time is over."""
    for process, (name, deadline) in list(running.items()):
        ended, status = os.waitpid(process, os.WNOHANG)
        if not ended and time.monotonic() < deadline:
            continue
        if not ended:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        del running[process]
        code = os.waitstatus_to_exitcode(status) if ended else None
        os.write(answers, f"{ENDED} {name} {'-' if code is None else 128 - code if code < 0 else code}\n".encode())


def run(request: dict[str, Any]) -> int:
    """The file as a script of its folder, in the new process: the exit status that it has when nothing else ends it."""
    for fd, path in ((0, os.devnull), (1, request["stdout"]), (2, request["stderr"])):
        opened = os.open(path, os.O_RDONLY if fd == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(opened, fd)
        os.close(opened)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.path[0] = request["folder"]
    sys.argv = [request["file"]]
    module = sys.modules["__main__"] = types.ModuleType("__main__")
    module.__file__ = request["file"]
    try:
        with open(request["file"], encoding="utf-8") as file:  # noqa: PTH123
            code = compile(file.read(), request["file"], "exec")
        exec(code, module.__dict__)  # noqa: S102
    except Exception as error:  # noqa: BLE001
        # The frame of this function is no part of the sample's traceback.
        behind = error.__traceback__.tb_next if error.__traceback__ else None
        traceback.print_exception(type(error), error, behind)
        return 1
    return 0


def tell(value: object, names: tuple[str, ...]) -> object:
    """Shows what an object that a call returned holds under these names, and returns it."""
    for name in names:
        for held in sorted({repr(each) for each in attributes(value, name, DEPTH, set())}):
            sys.stderr.write(f"docwitness: {name}={held}\n")
    return value


def attributes(value: object, name: str, depth: int, seen: set[int]) -> Iterator[object]:
    """The plain values of that name in an object, and in what it holds."""
    if id(value) in seen or not hasattr(value, "__dict__") or isinstance(value, (type, types.ModuleType)):
        return
    seen.add(id(value))
    for key, inner in vars(value).items():
        if key.lstrip("_") == name and isinstance(inner, SIMPLE):
            yield inner
        elif depth:
            yield from attributes(inner, name, depth - 1, seen)


if __name__ == "__main__":
    main()
