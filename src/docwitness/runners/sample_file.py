"""The file that a sample runs as, where its tool wants one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from docwitness.execution import Execution, Skipped


def written(file: Path, text: str) -> Path:
    """The file, written anew. Raises `OSError`.

    What an earlier sample of the folder left under that name goes: text in a FIFO would wait for a reader, in a link for its end.
    """
    file.unlink(missing_ok=True)
    with file.open("x", encoding="utf-8") as new:
        new.write(f"{text}\n")
    return file


@contextmanager
def sample_file(folder: Path, name: str, text: str) -> Iterator[Path]:
    """Stands in the working folder, from where the sample can import, and is gone afterwards. Raises `OSError`.

    A name with a dot before it hides it, so that samples that look round their folder do not meet themselves.
    """
    file = written(folder.resolve() / name, text)
    try:
        yield file
    finally:
        with contextlib.suppress(OSError):  # the sample may have made its folder read-only, or removed it
            file.unlink()


def relabelled(execution: Execution, names: Mapping[str, str]) -> Execution:
    """With other names for the file in what was printed: its folder is another one in each run."""
    if isinstance(execution, Skipped):
        return execution
    stdout, stderr = execution.stdout, execution.stderr
    for name, shown in names.items():
        stdout, stderr = stdout.replace(name, shown), stderr.replace(name, shown)
    return replace(execution, stdout=stdout, stderr=stderr)
