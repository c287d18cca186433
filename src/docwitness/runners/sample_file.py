"""The file that a sample runs as, where its tool wants one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
