from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from docwitness.execution import Completed, Execution, Skipped, TimedOut
from docwitness.process import HEAD_BYTES, TAIL_BYTES, Output, execute, start


def run(folder: Path, *command: str, limit_s: float = 20.0, environment: dict[str, str] | None = None) -> Execution:
    return asyncio.run(execute(command, folder=folder, environment=environment or {"PATH": os.environ["PATH"]}, limit_s=limit_s))


def is_gone(pid: int) -> bool:
    """Whether a process has ended, or does so soon; a zombie that nobody has reaped yet has ended."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.01)
    return False


def test_streams_and_status_are_kept_apart(tmp_path: Path) -> None:
    execution = run(tmp_path, "bash", "-c", "echo out; echo err >&2; exit 3")
    assert isinstance(execution, Completed)
    assert (execution.stdout, execution.stderr, execution.exit_status) == ("out\n", "err\n", 3)


def test_a_signal_counts_as_in_a_shell(tmp_path: Path) -> None:
    execution = run(tmp_path, "bash", "-c", "kill -9 $$")
    assert isinstance(execution, Completed)
    assert execution.exit_status == 137


def test_only_the_given_environment_is_inherited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_MINE", "x")
    execution = run(tmp_path, sys.executable, "-c", "import os; print(sorted(os.environ))", environment={"A": "1"})
    assert isinstance(execution, Completed)
    assert "SECRET_OF_MINE" not in execution.stdout
    assert "'A'" in execution.stdout


def test_texts_are_utf_8_in_every_locale(tmp_path: Path) -> None:
    """Where the locale has another encoding, Python would use that for arguments."""
    code = (
        "import asyncio, pathlib, sys\nfrom docwitness.process import execute\n"
        f"ran = execute([{sys.executable!r}, '-c', 'import sys; print(ascii(sys.argv[1]))', 'z\\u0131p'],"
        f" folder=pathlib.Path({str(tmp_path)!r}), environment={{'PYTHONUTF8': '1'}}, limit_s=20)\n"
        "print(sys.getfilesystemencoding(), asyncio.run(ran).stdout)"
    )
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout.split() == ["ascii", "'z\\u0131p'"]


def test_a_command_that_does_not_exist_is_a_value(tmp_path: Path) -> None:
    execution = run(tmp_path, "/no/such/tool")
    assert isinstance(execution, Skipped)
    assert "/no/such/tool cannot be started" in execution.reason


def test_a_folder_that_cannot_be_entered_is_no_fault_of_the_command(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="gone"):
        run(tmp_path / "gone", "bash", "-c", "true")


def test_an_argument_that_no_system_takes_is_a_value(tmp_path: Path) -> None:
    assert isinstance(run(tmp_path, "bash", "-c", "echo \0"), Skipped)
    assert isinstance(run(tmp_path, "bash", "-c", ":" * 5_000_000), Skipped)


def test_there_is_nothing_to_read_on_standard_input(tmp_path: Path) -> None:
    execution = run(tmp_path, "cat")
    assert isinstance(execution, Completed)
    assert execution.exit_status == 0


def test_bytes_that_are_not_utf8_are_replaced(tmp_path: Path) -> None:
    execution = run(tmp_path, "printf", r"a\377b")
    assert isinstance(execution, Completed)
    assert execution.stdout == "a\N{REPLACEMENT CHARACTER}b"


def test_what_takes_too_long_is_killed_with_its_children(tmp_path: Path) -> None:
    execution = run(tmp_path, "bash", "-c", "sleep 600 & echo $!; wait", limit_s=0.3)
    assert isinstance(execution, TimedOut)
    assert is_gone(int(execution.stdout))


def test_what_takes_too_long_may_clean_up(tmp_path: Path) -> None:
    execution = run(tmp_path, "bash", "-c", "trap 'echo bye; exit' TERM; while :; do sleep 0.01; done", limit_s=0.3)
    assert isinstance(execution, TimedOut)
    assert execution.stdout == "bye\n"


def test_one_that_ignores_the_polite_signal_is_killed_too(tmp_path: Path) -> None:
    execution = run(tmp_path, "bash", "-c", "trap '' TERM; echo $$; while :; do sleep 0.1; done", limit_s=0.3)
    assert isinstance(execution, TimedOut)
    assert is_gone(int(execution.stdout))


def test_what_stays_in_the_background_ends_with_its_sample(tmp_path: Path) -> None:
    execution = run(tmp_path, "bash", "-c", "(trap '' TERM HUP; sleep 600) & echo $!")
    assert isinstance(execution, Completed)
    assert execution.exit_status == 0
    assert is_gone(int(execution.stdout))


def test_a_process_that_left_the_group_with_the_pipes_does_not_hang_us(tmp_path: Path) -> None:
    """It would hold them for ten minutes."""
    code = "import os, time\nif pid := os.fork():\n    print(pid)\nelse:\n    os.setsid()\n    time.sleep(600)"
    execution = run(tmp_path, sys.executable, "-c", code)
    assert isinstance(execution, Completed)
    os.kill(int(execution.stdout), signal.SIGKILL)


def test_cancelling_kills_the_group(tmp_path: Path) -> None:
    async def cancel() -> int:
        pid = tmp_path / "pid"
        command = ("bash", "-c", f"sleep 600 & echo $! >{pid}; wait")
        task = asyncio.create_task(execute(command, folder=tmp_path, environment={"PATH": os.environ["PATH"]}, limit_s=60))
        while not (pid.exists() and pid.read_text()):  # noqa: ASYNC110 - a file raises no event
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return int(pid.read_text())

    assert is_gone(asyncio.run(cancel()))


@pytest.mark.parametrize("turns", range(2, 10))
def test_cancelling_while_it_starts_kills_the_group_too(turns: int, tmp_path: Path) -> None:
    """Cancelled after so many turns of the loop; in the first ones asyncio is still connecting the pipes."""

    async def cancel() -> int:
        pid = tmp_path / "pid"
        command = ("bash", "-c", f"sleep 600 & echo $! >{pid}; wait")
        task = asyncio.create_task(execute(command, folder=tmp_path, environment={"PATH": os.environ["PATH"]}, limit_s=60))
        for _ in range(turns):
            await asyncio.sleep(0)
        while not (pid.exists() and pid.read_text()):
            time.sleep(0.005)  # noqa: ASYNC251 - the loop must not turn
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return int(pid.read_text())

    assert is_gone(asyncio.run(cancel()))


def test_endless_output_keeps_its_beginning_and_its_end(tmp_path: Path) -> None:
    execution = run(tmp_path, "bash", "-c", "echo first; head -c 3000000 /dev/zero | tr '\\0' x; echo; echo last")
    assert isinstance(execution, Completed)
    assert execution.stdout.startswith("first\nxxx")
    assert execution.stdout.endswith("xxx\nlast\n")
    assert f"[… {3_000_012 - HEAD_BYTES - TAIL_BYTES} bytes cut …]" in execution.stdout


@pytest.mark.parametrize("size", [0, 10, HEAD_BYTES - 3, HEAD_BYTES + 100, HEAD_BYTES + TAIL_BYTES + 100])
def test_a_mark_is_found_wherever_it_falls(size: int) -> None:
    async def read() -> tuple[str, str, str]:
        output = Output()
        for piece in (b"x" * size, b"MA", b"RK 1", b" 7\nmore"):
            output.feed(piece)
        before, rest = await output.until(b"MARK ")
        return before, rest, output.text

    before, rest, behind = asyncio.run(read())
    assert set(before.replace(f"\n[… {size - HEAD_BYTES - TAIL_BYTES + 13} bytes cut …]\n", "")) <= {"x"}
    assert (rest, behind) == ("1 7", "more")


def test_standard_input_can_be_a_pipe(tmp_path: Path) -> None:
    async def talk() -> tuple[int, str]:
        process = await start(["cat"], folder=tmp_path, environment={"PATH": os.environ["PATH"]}, input_pipe=True)
        try:
            process.send(b"hello")
            process.close_input()
            return await process.wait(), process.stdout.text
        finally:
            await process.end()

    assert asyncio.run(talk())[0] == 0
