"""What is raised where a container cannot be had."""

from __future__ import annotations


class ContainerError(Exception):
    """The engine failed, or something that it was asked for cannot be had; its text says what.

    Whoever needs the container says what that means: a tool that is missing, or a target.
    """
