"""What ends a command of docwitness. Errors that one stage raises for the next stand with that stage.

DocwitnessError
├── UsageError            4: the command line or the configuration is wrong
│   └── ConfigurationError
├── NothingCollectedError      5
└── TargetError           6
    └── TargetUnavailableError
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit statuses; up to 5 they are pytest's."""

    OK = 0
    FAILED = 1
    INTERRUPTED = 2
    INTERNAL = 3
    USAGE = 4
    NOTHING = 5
    TARGET = 6


class DocwitnessError(Exception):
    """Something that a user can mend; its text says what to do."""

    exit_status = Exit.INTERNAL


class UsageError(DocwitnessError):
    """The command line is wrong."""

    exit_status = Exit.USAGE


class ConfigurationError(UsageError):
    """The configuration is wrong; the text begins with its place."""


class NothingCollectedError(DocwitnessError):
    """No page has a sample, nor anything else to judge."""

    exit_status = Exit.NOTHING


class TargetError(DocwitnessError):
    """The target did not do what a target must."""

    exit_status = Exit.TARGET


class TargetUnavailableError(TargetError):
    """There is no target to run against."""
