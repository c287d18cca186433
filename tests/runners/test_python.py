from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from docwitness.execution import Completed, Execution, Skipped, TimedOut
from docwitness.runners.base import Script, Workplace
from docwitness.runners.python import Python
from docwitness.settings import PythonSettings


def runner() -> Python:
    return Python(PythonSettings())


def run(text: str, workplace: Workplace, *, timeout_s: float = 20.0) -> Execution:
    return asyncio.run(runner().run(Script(id="sample", text=text, timeout_s=timeout_s), workplace))


def completed(text: str, workplace: Workplace) -> Completed:
    execution = run(text, workplace)
    assert isinstance(execution, Completed)
    return execution


def session(workplace: Workplace, *texts: str) -> list[Execution]:
    async def run_all() -> list[Execution]:
        async with runner().session(workplace) as samples:
            return [await samples.run(Script(id=str(n), text=text)) for n, text in enumerate(texts)]

    return asyncio.run(run_all())


def test_a_sample_imports_from_its_folder_and_does_not_meet_itself(workplace: Workplace) -> None:
    (workplace.folder / "mine.py").write_text("VALUE = 7")
    execution = completed("import mine, glob\nprint(mine.VALUE, __name__, glob.glob('sample*'))", workplace)
    assert execution.stdout == "7 __main__ []\n"


def test_a_traceback_names_the_line_but_no_folder(workplace: Workplace) -> None:
    execution = completed("def f():\n    raise OSError('no')\n\nf()", workplace)
    assert (execution.exit_status, execution.failed_line, execution.syntax_error) == (1, 2, False)
    assert 'File "sample.py", line 4, in <module>' in execution.stderr
    assert str(workplace.folder) not in execution.stderr


def test_a_failure_inside_a_library_is_blamed_on_the_sample(workplace: Workplace) -> None:
    assert completed("import json\n\njson.loads('{')", workplace).failed_line == 3


def test_an_undefined_name_is_named(workplace: Workplace) -> None:
    execution = completed("request = 1\nprint(req)", workplace)
    assert (execution.undefined_name, execution.failed_line) == ("req", 2)


def test_a_syntax_error_is_told_from_a_failure(workplace: Workplace) -> None:
    execution = completed("x = 1\nprint(x", workplace)
    assert (execution.exit_status, execution.syntax_error, execution.failed_line) == (1, True, 2)


def test_a_syntax_error_of_something_else_is_a_failure(workplace: Workplace) -> None:
    assert completed("import ast\nast.parse('(')", workplace).syntax_error is False


def test_nothing_of_the_own_environment_reaches_it(workplace: Workplace) -> None:
    execution = completed("import os; print(sorted(os.environ))", workplace)
    assert execution.stdout == "['HOME', 'LANG', 'PATH']\n"


def test_packages_of_the_home_folder_stay_out(workplace: Workplace) -> None:
    """Virtual environments leave them out anyway, so the interpreter below is asked."""
    below = Path(sys.base_prefix) / "bin" / "python3"
    script = Script(id="sample", text="import site; print(site.ENABLE_USER_SITE)")
    execution = asyncio.run(Python(PythonSettings(interpreter=str(below))).run(script, workplace))
    assert isinstance(execution, Completed)
    assert execution.stdout == "False\n"


def test_a_sample_that_hangs_is_stopped(workplace: Workplace) -> None:
    assert isinstance(run("import time\ntime.sleep(600)", workplace, timeout_s=0.3), TimedOut)


def test_the_tools_have_versions() -> None:
    tools = asyncio.run(runner().tools())
    assert not isinstance(tools, Skipped)
    assert [tool.name for tool in tools] == ["python", "influxdb-client"]
    assert tools[0].version == ".".join(map(str, sys.version_info[:3]))


def test_a_missing_interpreter_is_a_value(workplace: Workplace) -> None:
    python = Python(PythonSettings(interpreter="/no/such/python"))
    assert isinstance(asyncio.run(python.tools()), Skipped)
    assert isinstance(asyncio.run(python.run(Script(id="sample", text=""), workplace)), Skipped)


def test_faults_are_found_without_running() -> None:
    scripts = [
        Script(id="right", text="raise SystemExit(9)"),
        Script(id="bracket", text="x = 1\nprint(x"),
        Script(id="return", text="x = '\\d'\nreturn x"),
        Script(id="nul", text="\0"),
    ]
    faults = asyncio.run(runner().check(scripts))
    assert {name: fault.line for name, fault in faults.items() if name != "nul"} == {"bracket": 2, "return": 2}
    assert faults["bracket"].message == "SyntaxError: '(' was never closed"
    assert "null bytes" in faults["nul"].message


def test_a_session_shares_one_namespace_and_folder(workplace: Workplace) -> None:
    (workplace.folder / "mine.py").write_text("VALUE = 7")
    executions = session(workplace, "import mine\nx = 1", "print(mine.VALUE, x, __name__)")
    assert isinstance(executions[1], Completed)
    assert executions[1].stdout == "7 1 __main__\n"


def test_an_exception_does_not_end_its_session(workplace: Workplace) -> None:
    executions = session(workplace, "def f():\n    return nothing", "x = 1\nf()", "print(x)", "print(")
    assert [execution.exit_status for execution in executions if isinstance(execution, Completed)] == [0, 1, 0, 1]
    failed, broken = executions[1], executions[3]
    assert isinstance(failed, Completed)
    assert (failed.failed_line, failed.undefined_name) == (2, "nothing")
    assert 'File "sample-2.py", line 2, in <module>' in failed.stderr
    assert "session.py" not in failed.stderr
    assert isinstance(broken, Completed)
    assert (broken.syntax_error, broken.failed_line) == (True, 1)


def test_exit_ends_the_session(workplace: Workplace) -> None:
    one, two = session(workplace, "import sys\nprint('bye')\nsys.exit(4)", "print('never')")
    assert isinstance(one, Completed)
    assert (one.exit_status, one.stdout) == (4, "bye\n")
    assert two == Skipped(reason="sample 1 of its session ended the interpreter with status 4", session_ended=True)


def test_leaving_a_session_lets_exit_handlers_run(workplace: Workplace) -> None:
    session(workplace, "import atexit, pathlib\natexit.register(lambda: pathlib.Path('bye').touch())")
    assert (workplace.folder / "bye").exists()


@pytest.mark.parametrize("end", ["sys.stdout.close()", "sys.stdout = None", "os.close(1)"])
def test_a_sample_that_ends_its_output_does_not_end_its_session(end: str, workplace: Workplace) -> None:
    executions = session(workplace, f"import os, sys\n{end}", "sys.stderr.write('b')")
    assert [isinstance(each, Completed) and each.exit_status for each in executions] == [0, 0]
    assert isinstance(executions[1], Completed)
    assert executions[1].stderr == "b"


@pytest.mark.parametrize("leave", [os.mkfifo, lambda file: file.symlink_to("/dev/full")])
def test_what_an_earlier_sample_left_in_place_of_the_file_holds_nothing_up(
    leave: Callable[[Path], None], workplace: Workplace
) -> None:
    leave(workplace.folder / ".sample.py")
    assert completed("print(1)", workplace).stdout == "1\n"
