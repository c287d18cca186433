from __future__ import annotations

import pytest

from docwitness.transcript import split


def test_commands_and_their_output_are_told_apart() -> None:
    transcript = split("$ echo one\none\n$ echo two\ntwo\nmore")
    assert [(step.line, step.command, step.output) for step in transcript.steps] == [
        (1, "echo one", "one"),
        (3, "echo two", "two\nmore"),
    ]


def test_the_script_keeps_the_line_numbers_of_the_transcript() -> None:
    text = "$ echo one\none\n\n$ false"
    assert split(text).script.split("\n") == ["echo one", "", "", "false"]


def test_a_command_goes_on_after_the_second_prompt() -> None:
    (step,) = split("$ for n in 1 2; do\n>   echo $n\n> done\n1\n2").steps
    assert (step.command, step.output) == ("for n in 1 2; do\n  echo $n\ndone", "1\n2")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("$ curl \\\n  --silent\nout", "curl \\\n  --silent"),
        ("$ echo 'a\nb'\nout", "echo 'a\nb'"),
        ("$ cat <<EOF\na\nEOF\nout", "cat <<EOF\na\nEOF"),
        ("$ cat <<-'END' | wc\n\ta\n\tEND\nout", "cat <<-'END' | wc\n\ta\n\tEND"),
        ("$ echo done # don't\nout", "echo done # don't"),
        ("$ cat <<'END-OF'\na\nEND-OF\nout", "cat <<'END-OF'\na\nEND-OF"),
        ("$ for n in 1 2; do\n  echo $n\ndone\nout", "for n in 1 2; do\n  echo $n\ndone"),
        ("$ cat a |\n  wc\nout", "cat a |\n  wc"),
        ("$ cat <<<out\nout", "cat <<<out"),
        ("$ echo $((1 << 2))\nout", "echo $((1 << 2))"),
        ("$ echo 'a <<b'\nout", "echo 'a <<b'"),
    ],
)
def test_a_command_goes_on_where_a_shell_would_wait(text: str, command: str) -> None:
    (step,) = split(text).steps
    assert (step.command, step.output) == (command, "out")


def test_the_first_prompt_decides_so_that_output_may_look_like_another() -> None:
    (step,) = split("$ cat page.md\n# Title\n% of all").steps
    assert step.output == "# Title\n% of all"


def test_root_has_a_prompt_too() -> None:
    assert split("# whoami\nroot").script == "whoami\n"


def test_a_text_without_prompts_is_a_script() -> None:
    transcript = split("echo one\necho two")
    assert transcript.script == "echo one\necho two"
    assert [step.output for step in transcript.steps] == [""]


def test_what_stands_before_the_first_prompt_is_no_command() -> None:
    assert split("Last login: today\n$ true").script == "\ntrue"


def test_an_empty_prompt_is_an_empty_command() -> None:
    assert [step.command for step in split("$\n$ true\n$").steps] == ["", "true", ""]


def test_an_empty_transcript_has_no_steps() -> None:
    assert split("").steps == ()
