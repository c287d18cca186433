"""A throwaway folder: temporary, and gone in the end whatever samples have made of it."""

from __future__ import annotations

import contextlib
import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def throwaway() -> Iterator[Path]:
    """A new folder, while it is entered. Raises `OSError` when there is none to be had; what cannot be removed stays."""
    folder = Path(tempfile.mkdtemp(prefix="docwitness-"))
    try:
        yield folder
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    """However deep its folders are, since each is taken out of its parent first; links are not followed.

    `shutil.rmtree` recurses, opens a file for each level, and changes what links lead to where it may not remove them.
    """
    places = (folder / f"{folder.name}-{number}" for number in itertools.count())
    folders = [folder]
    with contextlib.suppress(OSError):
        folder.chmod(0o700)
    for each in folders:
        with contextlib.suppress(OSError):
            for entry in [*each.iterdir()]:
                with contextlib.suppress(OSError):
                    folders += _taken_out(entry, places)
    for each in reversed(folders):
        with contextlib.suppress(OSError):
            each.rmdir()


def _taken_out(entry: Path, places: Iterator[Path]) -> list[Path]:
    """Removes a file; moves a folder to the next place, and tells where it is."""
    if entry.is_symlink() or not entry.is_dir():
        entry.unlink()
        return []
    entry.chmod(0o700)
    return [entry.rename(next(places))]
