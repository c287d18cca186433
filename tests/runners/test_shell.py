from __future__ import annotations

import asyncio
import resource

import pytest

from docwitness.execution import Completed, Execution, Skipped, TimedOut
from docwitness.runners.base import Script, SyntaxFault, Workplace
from docwitness.runners.shell import Shell


def run(text: str, workplace: Workplace, *, console: bool = False, timeout_s: float = 20.0) -> Execution:
    script = Script(id="sample", text=text, console=console, timeout_s=timeout_s)
    return asyncio.run(Shell().run(script, workplace))


def completed(text: str, workplace: Workplace, *, console: bool = False) -> Completed:
    execution = run(text, workplace, console=console)
    assert isinstance(execution, Completed)
    return execution


def session(workplace: Workplace, *texts: str, timeout_s: float = 20.0) -> list[Execution]:
    async def run_all() -> list[Execution]:
        async with Shell().session(workplace) as samples:
            return [await samples.run(Script(id=str(n), text=text, timeout_s=timeout_s)) for n, text in enumerate(texts)]

    return asyncio.run(run_all())


def statuses(executions: list[Execution]) -> list[int]:
    return [execution.exit_status if isinstance(execution, Completed) else -1 for execution in executions]


def test_a_sample_runs_in_its_folder(workplace: Workplace) -> None:
    execution = completed("printf 'home temp=1' > points.lp\nwc -c < points.lp", workplace)
    assert (execution.exit_status, execution.stdout.strip(), execution.stderr) == (0, "11", "")
    assert [path.name for path in workplace.folder.iterdir()] == ["points.lp"]


@pytest.mark.parametrize(
    ("text", "status", "line"),
    [
        ("true\nfalse\ntrue", 1, 2),
        ("echo a\ncat no-such-file |\n  wc -c\necho b", 1, 3),
        ("true\ncurl --silent --fail \\\n  --max-time 5 \\\n  http://127.0.0.1:1/", 7, 2),
        ("f() {\n  (exit 5)\n}\nf", 5, 2),
        ("for n in 1 2; do\n  test $n = 1\ndone", 1, 2),
        ("x=$(false; echo kept)\ntest $x = kept\nexit 4", 4, None),
        ("if false; then :; fi\nfalse || true\n! true\n(exit 9)", 9, 4),
    ],
)
def test_the_first_failing_command_ends_it_and_its_line_is_known(
    text: str, status: int, line: int | None, workplace: Workplace
) -> None:
    execution = completed(text, workplace)
    assert (execution.exit_status, execution.failed_line) == (status, line)


def test_a_command_that_does_not_exist_is_named(workplace: Workplace) -> None:
    execution = completed("true\nwcc -c\n", workplace)
    assert (execution.exit_status, execution.failed_line, execution.undefined_name) == (127, 2, "wcc")
    assert execution.stderr == "sample: line 2: wcc: command not found\n"


def test_a_line_of_another_file_is_not_blamed(workplace: Workplace) -> None:
    (workplace.folder / "other.sh").write_text("true\ntrue\ntrue\nfalse\n")
    assert completed("true\n. ./other.sh", workplace).failed_line is None


def test_a_sample_does_not_see_how_it_is_watched(workplace: Workplace) -> None:
    output = completed("env; set; trap -p | wc -l", workplace).stdout
    assert "DOCWITNESS_" not in output
    assert "BASH_ENV" not in output


def test_a_syntax_error_is_told_from_a_failure(workplace: Workplace) -> None:
    execution = completed("echo a\nif true; then\n  echo b", workplace)
    assert (execution.exit_status, execution.syntax_error, execution.failed_line) == (2, True, 3)


def test_a_console_transcript_runs_its_commands(workplace: Workplace) -> None:
    execution = completed("$ printf 'home temp=1' > points.lp\n$ wc -c points.lp\n11 points.lp", workplace, console=True)
    assert (execution.exit_status, execution.stdout) == (0, "11 points.lp\n")


def test_what_each_command_of_a_transcript_prints_is_told_apart(workplace: Workplace) -> None:
    loop, document = "$ for n in 1 2; do\n> printf $n\n> done\n12", "$ cat <<EOF\n> three\n> EOF\nthree"
    text = f"$ echo one; echo oops >&2\none\n{loop}\n$ # nothing\n{document}"
    execution = completed(text, workplace, console=True)
    assert (execution.stdout, execution.stderr) == ("one\n12three\n", "oops\n")
    assert execution.outputs == ("one\n", "12", "", "three\n")


def test_commands_of_a_transcript_meet_what_they_would_at_a_prompt(workplace: Workplace) -> None:
    """Exit statuses, also while they end nothing; and the line that fails."""
    execution = completed("$ ! true\n$ echo $?\n1\n$ set +e\n$ false\n$ echo $?\n1\n$ set -e\n$ false", workplace, console=True)
    assert execution.outputs == ("", "1\n", "", "", "1\n", "", "")
    assert (execution.exit_status, execution.failed_line) == (1, 9)


@pytest.mark.parametrize(
    "text",
    ["$ if true; then\n$ echo a\n$ else\n$ echo b\n$ fi\na", "$ case x in\n$ x) echo a;;\n$ esac\na", "$ echo a\na"],
)
def test_a_command_that_is_typed_with_prompts_all_the_way_is_run_as_it_is(workplace: Workplace, text: str) -> None:
    execution = completed(text, workplace, console=True)
    assert (execution.exit_status, execution.stdout, execution.outputs) == (0, "a\n", ())


@pytest.mark.parametrize(
    ("text", "stdout"),
    [
        ("$ echo a \\\n$   b\na b\n$ true", "a b\n"),
        ("$ true ||\n$ echo never\n$ true\n-", ""),
        ("$ echo a |\n$ cat\na", "a\n"),
        ("$ exec 3>&1 > log\n$ echo hidden\n$ exec >&3\n$ cat log\nhidden", "hidden\n"),
        ("$ set +eo pipefail\n$ false | true\n$ echo ${PIPESTATUS[@]}\n1 0", "1 0\n"),
        ("$ trap 'echo next' DEBUG\n$ true\nnext", "next\n"),
    ],
)
def test_no_mark_stands_where_it_would_change_what_a_transcript_does(text: str, stdout: str, workplace: Workplace) -> None:
    execution = completed(text, workplace, console=True)
    assert (execution.exit_status, execution.stdout, execution.outputs) == (0, stdout, ())


def test_a_command_of_a_transcript_finds_the_last_word_of_the_one_before(workplace: Workplace) -> None:
    execution = completed("$ mkdir made\n$ cd $_\n$ basename $PWD\nmade", workplace, console=True)
    assert (execution.exit_status, execution.outputs) == (0, ("", "", "made\n"))


@pytest.mark.parametrize(("setting", "stderr"), [("-x", "+ echo a\n"), ("-v", "echo a\n")])
def test_a_shell_that_traces_shows_no_marks(setting: str, stderr: str, workplace: Workplace) -> None:
    execution = completed(f"$ set {setting}\n$ echo a\na", workplace, console=True)
    assert (execution.outputs, execution.stderr) == (("", "a\n"), stderr)


@pytest.mark.parametrize("left", ["mkfifo .failed-line", "ln -s /dev/zero .failed-line", "mkdir .failed-line"])
def test_what_a_sample_leaves_in_place_of_the_note_holds_nothing_up(left: str, workplace: Workplace) -> None:
    execution = completed(f"{left}\nexit 3", workplace)
    assert (execution.exit_status, execution.failed_line) == (3, None)


def test_a_sample_that_hangs_is_stopped(workplace: Workplace) -> None:
    execution = run("echo begun\nsleep 600", workplace, timeout_s=1.5)
    assert execution == TimedOut(limit_s=1.5, stdout="begun\n", stderr="")


def test_a_sample_without_curl_on_this_machine_is_skipped(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert isinstance(run("echo", workplace), Skipped)


def test_the_tools_have_versions() -> None:
    tools = asyncio.run(Shell().tools())
    assert not isinstance(tools, Skipped)
    assert [tool.name for tool in tools] == ["bash", "curl"]
    assert all(tool.version[0].isdigit() for tool in tools)


def test_faults_are_found_without_running() -> None:
    scripts = [
        Script(id="right", text="touch /no/such/place"),
        Script(id="quote", text="echo a\necho 'b"),
        Script(id="bracket", text="echo a\necho )"),
        Script(id="heredoc", text="cat <<EOF\na"),
        Script(id="console", text="$ echo a\na )\n$ echo (", console=True),
    ]
    faults = asyncio.run(Shell().check(scripts))
    assert {name: fault.line for name, fault in faults.items()} == {"quote": 2, "bracket": 2, "heredoc": 2, "console": 3}
    assert faults["bracket"] == SyntaxFault(message="syntax error near unexpected token `)'", line=2)


def test_a_session_keeps_variables_functions_and_folder(workplace: Workplace) -> None:
    executions = session(workplace, "x=1; f() { echo f; }; mkdir sub; cd sub", "echo $x $(f) ${PWD##*/}")
    assert isinstance(executions[1], Completed)
    assert executions[1].stdout == "1 f sub\n"


def test_a_transcript_goes_on_in_a_session(workplace: Workplace) -> None:
    async def both() -> Execution:
        async with Shell().session(workplace) as shell:
            await shell.run(Script(id="one", text="x=1"))
            return await shell.run(Script(id="two", text="$ echo $x\n1\n$ printf b\nb", console=True))

    execution = asyncio.run(both())
    assert isinstance(execution, Completed)
    assert (execution.exit_status, execution.stdout, execution.outputs) == (0, "1\nb", ("1\n", "b"))


def test_outputs_of_a_session_are_kept_apart(workplace: Workplace) -> None:
    one, two = session(workplace, "printf a; printf b >&2", "printf c; printf d >&2")
    assert isinstance(one, Completed)
    assert isinstance(two, Completed)
    assert (one.stdout, one.stderr, two.stdout, two.stderr) == ("a", "b", "c", "d")


def test_a_failing_sample_does_not_end_its_session(workplace: Workplace) -> None:
    executions = session(
        workplace, "f() {\n  false\n  echo never\n}", "true\nf\necho never", "wcc", "x=$(false; echo kept); echo $x"
    )
    assert statuses(executions) == [0, 1, 127, 0]
    assert isinstance(executions[1], Completed)
    assert (executions[1].stdout, executions[1].failed_line) == ("", 2)
    assert isinstance(executions[3], Completed)
    assert executions[3].stdout == "kept\n"


@pytest.mark.parametrize(
    ("text", "status", "line"),
    [
        ("false", 1, 1),
        ("true\n\nfalse\ntrue", 1, 3),
        ("true\n(exit 5)", 5, 2),
        ("true\ncurl --silent --fail \\\n  --max-time 5 \\\n  http://127.0.0.1:1/", 7, 2),
        ("for n in 1 2; do\n  test $n = 1\ndone", 1, 2),
    ],
)
def test_the_line_of_a_failing_command_is_known_in_a_session_too(text: str, status: int, line: int, workplace: Workplace) -> None:
    execution = session(workplace, "x=1", text)[1]
    assert isinstance(execution, Completed)
    assert (execution.exit_status, execution.failed_line) == (status, line)


def test_a_status_that_errexit_lets_pass_does_not_end_a_session_either(workplace: Workplace) -> None:
    assert statuses(session(workplace, "[ -e nothing ] && echo", "echo b")) == [1, 0]


def test_a_syntax_error_ends_its_session(workplace: Workplace) -> None:
    executions = session(workplace, "echo a\necho )", "echo b")
    assert statuses(executions) == [2, -1]
    assert isinstance(executions[0], Completed)
    assert (executions[0].syntax_error, executions[0].failed_line) == (True, 2)


def test_exit_ends_the_session(workplace: Workplace) -> None:
    executions = session(workplace, "echo a; exit 3", "echo b")
    assert statuses(executions) == [3, -1]
    assert executions[1] == Skipped(reason="sample 1 of its session ended the interpreter with status 3", session_ended=True)


def test_a_sample_that_hangs_ends_its_session(workplace: Workplace) -> None:
    executions = session(workplace, "echo a; sleep 600", "echo b", timeout_s=1.5)
    assert executions[0] == TimedOut(limit_s=1.5, stdout="a\n", stderr="")
    assert isinstance(executions[1], Skipped)


def test_redirecting_all_output_does_not_hang_a_session(workplace: Workplace) -> None:
    assert statuses(session(workplace, "exec > log 2>&1; echo a", "echo b; cat log >/dev/null")) == [0, 0]


def test_a_session_has_nothing_to_read_on_standard_input(workplace: Workplace) -> None:
    assert statuses(session(workplace, "cat", "read -r line || echo nothing")) == [0, 0]


def test_a_session_may_be_traced(workplace: Workplace) -> None:
    one, two = session(workplace, "exec 2>&1; set -x; echo a", "echo b")
    assert isinstance(one, Completed)
    assert isinstance(two, Completed)
    assert (one.stdout, two.exit_status) == ("++ echo a\na\n", 0)
    assert two.stdout.endswith("\n++ echo b\nb\n")
    assert two.stdout.count("\n") == 3


def test_a_sample_of_a_session_may_print_without_end(workplace: Workplace) -> None:
    one, two = session(workplace, "head -c 100000000 /dev/zero | tr '\\0' x", "echo b")
    assert isinstance(one, Completed)
    assert "bytes cut" in one.stdout
    assert len(one.stdout) < 2_000_000
    assert isinstance(two, Completed)
    assert two.stdout == "b\n"


def test_a_session_needs_few_open_files(workplace: Workplace) -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, limits[1]))
    try:
        executions = session(workplace, "x=1", "echo $x")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert isinstance(executions[1], Completed)
    assert executions[1].stdout == "1\n"


def test_aliases_work_where_they_do_at_a_prompt(workplace: Workplace) -> None:
    assert completed("$ alias greet='echo hello'\n$ greet you\nhello you", workplace, console=True).outputs == ("", "hello you\n")
    executions = session(workplace, "alias greet='echo hello'", "greet you", "alias set=false true=false printf=false", ":")
    assert statuses(executions) == [0, 0, 0, 0]
    script = completed("alias greet='echo hello'\ngreet you || echo none", workplace)
    assert script.stdout == "none\n"
