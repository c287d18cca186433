from __future__ import annotations

import subprocess

import pytest

from docwitness.typed import waits

FINISHED = (
    "echo a",
    "echo \\\\",
    "echo a # don't",
    "echo a#b $# ${#a} 'c'",
    "echo $'don\\'t' \"a 'b\" \\'",
    "echo ${x:-'}'} `date` $(date) \"$(date)\"",
    "cat <<<a",
    'cat <<< "a b"',
    "cat <<EOF\na 'b\nEOF",
    "cat <<-EOF\n\ta\n\tEOF",
    "cat <<'END-OF'\nx\nEND-OF",
    "cat <<\\EOF\n$x\nEOF",
    "cat <<A; cat <<B\na\nA\nb\nB",
    "x=$(cat <<EOF\na\nEOF\n)",
    "cat <<EOF |\na\nEOF\nwc",
    "echo $((1 << 2))",
    "(( x = 1<<2 )); echo $x",
    "echo 'a <<b'",
    "true &&\necho a",
    "true && # why\necho a",
    "if true; then echo a; else\necho b; fi",
    "for n in 1 2; do\n  echo done\ndone",
    "for ((i = 0; i < 3; i++)); do echo; done",
    "while read x; do if true; then echo $x; fi; done < file",
    "case $(echo x) in\n(x) echo a;;\ny|z) echo b\nesac",
    "x=$(case x in x) echo;; esac)",
    "f() {\n  echo a\n}",
    "function f { echo; }",
    "(echo a; (echo b))",
    "a=(1 2\n3)",
    "diff <(a) <(b)",
    "[[ $x =~ ^(a|b)$ && -n y ]]",
    "echo { if } done esac",
    "trap 'echo bye' EXIT",
    "! true",
)
UNFINISHED = (
    "echo \\",
    "echo 'a",
    'echo "a\\"',
    "echo $'don\\'t",
    "echo `date",
    "echo ${x",
    "cat <<EOF",
    "cat <<EOF\n EOF",
    "cat <<A; cat <<B\na\nA",
    "cat <<EOF &&\na\nEOF",
    "true &&",
    "true ||",
    "true |",
    "true && # why",
    "if true; then",
    "if true; then echo a; else",
    "for n in 1 2; do echo done",
    "while read x; do",
    "case x in\nx) echo a;;",
    "f() {",
    "function f {",
    "{ echo }",
    "(echo a",
    "a=(1 2",
    "x=$(date",
    'echo "$(date',
    "echo $(if true; then echo a",
)


@pytest.mark.parametrize(("command", "expected"), [(each, False) for each in FINISHED] + [(each, True) for each in UNFINISHED])
def test_a_command_goes_on_as_long_as_bash_says_so(command: str, expected: bool) -> None:
    said = subprocess.run(["bash", "-n", "-c", command], capture_output=True, text=True, check=False).stderr
    bash_waits = any(words in said for words in ("unexpected EOF", "unexpected end of file", "here-document"))
    ends_open = command.endswith("\\") and not command.endswith("\\\\")  # bash takes the end of its text for the end of the line
    assert (waits(command), bash_waits or ends_open) == (expected, expected)
