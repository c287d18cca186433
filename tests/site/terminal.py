"""A real terminal with a shell in it: what is typed and pasted goes through a pty, as under a newcomer's hands."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROMPT = "ready$ "
_ROWS_AND_COLUMNS = struct.pack("HHHH", 50, 220, 0, 0)
"""Wide enough that no line of ours is folded."""
_SHELL = (
    "import fcntl, os, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp('bash', ['bash', '--noprofile', '--norc', '-i'])"
)
"""Makes the pty the terminal that Ctrl-C comes from, then becomes bash."""
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[=>]")
_PASTING_ON, _PASTING_OFF = "\x1b[?2004h", "\x1b[?2004l"


class Terminal:
    """Knows what is on the screen since the last input."""

    def __init__(self, shell: subprocess.Popen[bytes], descriptor: int) -> None:
        self._shell = shell
        self._descriptor = descriptor
        self._all = ""
        self._seen = 0
        self.wait_for(PROMPT)

    def type(self, line: str) -> None:
        """Types a line and presses Enter."""
        self._send(f"{line}\r")

    def press(self, *keys: str) -> None:
        """Presses single keys."""
        self._send("".join(keys))

    def paste(self, text: str) -> None:
        """Pastes as terminals do: line ends as Enter, and in brackets where the program has asked for them."""
        keys = text.replace("\n", "\r")
        bracketed = self._all.rfind(_PASTING_ON) > self._all.rfind(_PASTING_OFF)
        self._send(f"\x1b[200~{keys}\x1b[201~" if bracketed else keys)

    def wait_for(self, *texts: str, patience_s: float = 30) -> str:
        """What is shown since the last input, once these texts are in it, one behind the other.

        Fails after that time, and when the shell ends.
        """
        ends = time.monotonic() + patience_s
        wanted = re.compile(".*?".join(map(re.escape, texts)), re.DOTALL)
        while not wanted.search(shown := self._shown()):
            ready, _, _ = select.select([self._descriptor], [], [], max(0.0, ends - time.monotonic()))
            assert ready, f"{texts} did not come within {patience_s:.0f} s:\n{shown}"
            self._all += os.read(self._descriptor, 65536).decode(errors="replace")
        return shown

    def _shown(self) -> str:
        return _CONTROL.sub("", self._all[self._seen :]).replace("\r", "")

    def _send(self, keys: str) -> None:
        self._seen = len(self._all)
        os.write(self._descriptor, keys.encode())


@contextmanager
def terminal(folder: Path, **variables: str) -> Iterator[Terminal]:
    """A terminal with bash in a folder, closed at the end of the block."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, _ROWS_AND_COLUMNS)
    command = [sys.executable, "-c", _SHELL]
    environment = _environment() | variables
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as shell:
        os.close(theirs)
        try:
            yield Terminal(shell, ours)
        finally:
            os.killpg(shell.pid, signal.SIGHUP)
            os.close(ours)


def _environment() -> dict[str, str]:
    """That of the tests without what they are told themselves."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("DOCWITNESS_")}
    return own | {"PS1": PROMPT, "TERM": "xterm-256color"}
