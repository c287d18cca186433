from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from docwitness.execution import Completed, Execution, TimedOut
from docwitness.process import HEAD_BYTES, TAIL_BYTES
from docwitness.runners.base import Script, Workplace
from docwitness.runners.preloaded import imports, preloading


def run(texts: Sequence[str], workplace: Workplace, *, limit_s: float = 10.0) -> list[Execution]:
    async def run_all() -> list[Execution]:
        async with preloading(sys.executable, texts[0]) as preloaded:

            async def one(number: int, text: str) -> Execution:
                folder = workplace.folder / str(number)
                folder.mkdir()
                return await preloaded.run(Script(id="s", text=text, timeout_s=limit_s), replace(workplace, folder=folder))

            return list(await asyncio.gather(*(one(number, text) for number, text in enumerate(texts))))

    return asyncio.run(run_all())


def only(text: str, workplace: Workplace) -> Completed:
    (execution,) = run([text], workplace)
    assert isinstance(execution, Completed)
    return execution


def test_a_sample_runs_as_a_script_of_its_folder(workplace: Workplace) -> None:
    execution = only("import os, sys\nprint(os.getcwd(), sys.path[0], __name__, sys.argv, os.environ.get('HOME'))", workplace)
    folder = workplace.folder.resolve() / "0"
    assert execution.stdout == f"{folder} {folder} __main__ ['sample.py'] {workplace.environment['HOME']}\n"


def test_runs_do_not_see_each_other(workplace: Workplace) -> None:
    change = "import json\nprint(hasattr(json, 'mine'))\njson.mine = 1"
    assert [execution.stdout for execution in run([change] * 3, workplace) if isinstance(execution, Completed)] == ["False\n"] * 3


@pytest.mark.parametrize(
    ("text", "status"),
    [("1/0", 1), ("raise SystemExit(7)", 7), ("import os\nos._exit(3)", 3), ("import os\nos.kill(os.getpid(), 9)", 137), ("(", 1)],
)
def test_the_exit_status_is_that_of_a_script(text: str, status: int, workplace: Workplace) -> None:
    assert only(text, workplace).exit_status == status


def test_a_traceback_shows_the_sample_only(workplace: Workplace) -> None:
    stderr = only("x = 1\n1/0", workplace).stderr
    assert stderr.startswith('Traceback (most recent call last):\n  File "sample.py", line 2, in <module>\n')
    assert "fork.py" not in stderr


def test_threads_and_exit_handlers_finish(workplace: Workplace) -> None:
    thread = "threading.Thread(target=lambda: (time.sleep(.1), print('hi'))).start()"
    text = f"import atexit, threading, time\natexit.register(print, 'bye')\n{thread}"
    assert only(text, workplace).stdout == "hi\nbye\n"


def test_a_run_whose_time_is_over_is_stopped_alone(workplace: Workplace) -> None:
    stopped, done = run(["import time\nprint('begun', flush=True)\ntime.sleep(60)", "print(1)"], workplace, limit_s=1.0)
    assert stopped == TimedOut(limit_s=1.0, stdout="begun\n", stderr="")
    assert isinstance(done, Completed)


def test_an_interpreter_that_ends_is_no_result(workplace: Workplace) -> None:
    with pytest.raises(ChildProcessError, match="has ended"):
        run(["import os\nos.kill(os.getppid(), 9)\nos.kill(os.getpid(), 9)"], workplace)


def test_what_a_call_returned_tells_what_it_holds(workplace: Workplace) -> None:
    text = (
        "class Inner: limit, other = None, 'x'\nclass Outer: pass\n"
        "inner, outer = Inner(), Outer()\ninner._limit = 5\nouter.inner, outer.me = inner, outer\n"
        "assert _docwitness_tell(outer, ('limit', 'absent')) is outer"
    )
    assert only(text, workplace).stderr == "docwitness: limit=5\n"


def test_a_missing_interpreter_is_an_error(workplace: Workplace) -> None:
    async def missing() -> None:
        async with preloading(str(Path("no") / "python"), "") as preloaded:
            await preloaded.run(Script(id="s", text=""), workplace)

    with pytest.raises(FileNotFoundError):
        asyncio.run(missing())


def test_imports_are_found_wherever_they_stand() -> None:
    assert imports("import a\nif 1:\n    from b import c as d\n") == ["import a", "from b import c as d"]
    assert imports("import") == []


def test_a_module_that_is_not_there_fails_the_sample(workplace: Workplace) -> None:
    assert "ModuleNotFoundError" in only("import no_such_module", workplace).stderr


@pytest.mark.parametrize("module", ["this", "unittest.__main__"])
def test_modules_may_print_and_end_what_imports_them(module: str, workplace: Workplace) -> None:
    assert only(f"print('own')\nimport {module}", workplace).stdout == "own\n"


def test_of_much_output_no_more_is_kept_than_of_any(workplace: Workplace) -> None:
    stdout = only("print('x' * 10_000_000)", workplace).stdout
    assert "bytes cut" in stdout
    assert len(stdout) < HEAD_BYTES + TAIL_BYTES + 100
