"""The file that a sample runs as, where its tool wants one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def sample_file(folder: Path, name: str, text: str) -> Iterator[Path]:
    """Stands in the working folder, from where the sample can import, and is gone afterwards. Raises `OSError`.

    A name with a dot before it hides it, so that samples that look round their folder do not meet themselves.
    """
    file = folder.resolve() / name
    file.write_text(text + "\n", encoding="utf-8")
    try:
        yield file
    finally:
        with contextlib.suppress(OSError):  # the sample may have made its folder read-only, or removed it
            file.unlink()
