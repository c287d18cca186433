"""Finds dialects, runners, targets and reporters by name, ours and those of installed packages alike."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from importlib.metadata import EntryPoints, entry_points
from typing import Any

from docwitness.errors import UsageError
from docwitness.spelling import suggestion


class Group(StrEnum):
    """The entry-point groups; the value is the group's name."""

    DIALECTS = "docwitness.dialects"
    RUNNERS = "docwitness.runners"
    TARGETS = "docwitness.targets"
    REPORTERS = "docwitness.reporters"

    @property
    def noun(self) -> str:
        """What one of the group is called."""
        return self.value.rpartition(".")[2].removesuffix("s")


def installed(group: Group) -> tuple[str, ...]:
    """The names in a group, sorted; nothing is loaded."""
    return tuple(sorted(_found(group).names))


def load(group: Group, name: str) -> Any:
    """What stands under `name`: a class that meets the group's contract.

    Raises `UsageError` that lists what is installed when nothing has that name, or says why it cannot be loaded.
    """
    found = _found(group)
    if name not in found.names:
        known = ", ".join(sorted(found.names)) or "none"
        raise UsageError(f"no {group.noun} named {name!r}{suggestion(name, found.names)}; installed: {known}")
    try:
        return found[name].load()
    except (ImportError, AttributeError) as error:
        raise UsageError(f"the {group.noun} {name!r} cannot be loaded: {error}") from error


@cache
def _found(group: Group) -> EntryPoints:
    return entry_points(group=group.value)
