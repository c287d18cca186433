"""Console transcripts: what was typed after a prompt, told apart from what came back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from docwitness.typed import Typed, waits

_PROMPTS = ("$ ", "# ", "% ")
_CONTINUATION = "> "
_DELICATE = re.compile(r"\b(?:exec|PIPESTATUS|DEBUG)\b")
"""What a command between two others would change, or be changed by."""


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a transcript and its output."""

    line: int
    """1-based line of the transcript where the command begins."""
    command: str
    """Without prompts; may span lines."""
    output: str
    """Empty when the transcript shows none; lines end in LF, but for the last."""

    @property
    def behind(self) -> int:
        """1-based line of the transcript behind the command."""
        return self.line + self.command.count("\n") + 1


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a reader sees of a terminal."""

    script: str
    """The commands as one script that has as many lines as the transcript: a line number means the same in both."""
    steps: tuple[Step, ...]

    def led_by(self, text: str) -> str | None:
        """The script with a text before each command; None where there is no room for one."""
        if any(waits(step.command) for step in self.steps) or _DELICATE.search(self.script):
            return None
        lines = self.script.split("\n")
        for step in self.steps:
            lines[step.line - 1] = text + lines[step.line - 1]
        return "\n".join(lines)


def split(text: str) -> Transcript:
    """Tells commands and output apart.

    The first line with a prompt (`$ `, `# ` or `% `) decides which prompt it is; a text without any is a plain script. A command
    goes on in lines after `> `, and in others as long as a shell would wait (`docwitness.typed`).

    ```python
    from docwitness.transcript import split

    for line in "$ echo one", "one", "$ true":
        print(line, "->", [step.command for step in split(line).steps])
        #> $ echo one -> ['echo one']
        #> one -> ['one']
        #> $ true -> ['true']
    ```
    """
    lines = text.split("\n")
    prompt = next((f"{line[0]} " for line in lines if _is_prompted(line)), None)
    if prompt is None:
        return Transcript(script=text, steps=(Step(line=1, command=text, output=""),) if text.strip() else ())
    script = [""] * len(lines)
    steps: list[Step] = []
    at = next(number for number, line in enumerate(lines) if _typed(line, prompt) is not None)
    while at < len(lines):
        command = _command(lines, at, prompt)
        script[at : at + len(command)] = command
        end = at + len(command)
        following = next((n for n in range(end, len(lines)) if _typed(lines[n], prompt) is not None), len(lines))
        steps.append(Step(line=at + 1, command="\n".join(command), output="\n".join(lines[end:following])))
        at = following
    return Transcript(script="\n".join(script), steps=tuple(steps))


def _is_prompted(line: str) -> bool:
    return line.startswith(_PROMPTS) or line in {prompt.rstrip() for prompt in _PROMPTS}


def _typed(line: str, prompt: str) -> str | None:
    """What follows the prompt; None for a line without it."""
    if line == prompt.rstrip():
        return ""
    return line.removeprefix(prompt) if line.startswith(prompt) else None


def _command(lines: list[str], first: int, prompt: str) -> list[str]:
    """The lines of the command that begins there, prompts taken off."""
    command, typed = [_typed(lines[first], prompt) or ""], Typed()
    typed.add(command[0])
    for line in lines[first + 1 :]:
        if line.startswith(_CONTINUATION) or line == _CONTINUATION.rstrip():
            command.append(line[2:])
        elif typed.waits and _typed(line, prompt) is None:
            command.append(line)
        else:
            break
        typed.add(command[-1])
    return command
