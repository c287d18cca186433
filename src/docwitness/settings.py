"""What a project's configuration says, parsed: values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docwitness.placeholders import Placeholders


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonSettings:
    """How Python samples run."""

    interpreter: str | None = None
    """A path, or a name on PATH; None is the interpreter that docwitness runs in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSettings:
    """How Node samples run."""

    interpreter: str = "node"
    packages: Path | None = None
    """The folder whose `node_modules` samples import from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegrafSettings:
    """How Telegraf samples run."""

    binary: str = "telegraf"
    image: str | None = None
    """The image of a container that runs them in place of the binary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerSettings:
    """Settings of every runner but the shell, which has none. Relative paths of the configuration are absolute here."""

    python: PythonSettings = PythonSettings()
    node: NodeSettings = NodeSettings()
    telegraf: TelegrafSettings = TelegrafSettings()
    others: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Tables of runners from other packages, as they stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlSettings:
    """A named target that is reached by its address. The names are those of environment variables."""

    url: str
    token_env: str = "DOCWITNESS_TOKEN"  # noqa: S105
    database_env: str = "DOCWITNESS_DATABASE"
    admin_token_env: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerSettings:
    """A named target that a container engine runs. The defaults suit the image of docwitness itself."""

    name: str = "container"
    """Of the target."""
    image: str = "docwitness"
    """The image; what `build` makes gets this name."""
    build: Path | None = None
    """The folder to build it from, absolute. None: the image is here already, or can be pulled."""
    port: int = 8181
    """Where the server listens in its container."""
    host_port: int = 0
    """The loopback port that leads there; 0 is any free one."""
    command: tuple[str, ...] = ("--data", "/data", "--no-access-log")
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    """`UID` or `UID:GID`; None is the image's own."""
    writable: tuple[str, ...] = ("/data", "/tmp")  # noqa: S108 - folders in the container
    """Folders that are writable, in memory. All others are read-only."""
    memory_mb: int = 256
    """What all of it may take, `writable` included."""
    health: str = "/health"
    """The path that is answered with 2xx once the server is ready."""
    start_limit_s: float = 60.0
    administration: bool = True
    """The server has docwitness's administration API, so that each sample gets a scope of its own. Otherwise all samples share
    `database` and one random token; `{token}` and `{database}` in `environment` and `command` stand for them."""
    database: str = "docs"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSettings:
    """A named target that is started as a process on this machine.

    In `command` and `environment`, `{port}`, `{folder}`, `{token}` and `{database}` stand for what the run chooses.
    `{project}` is filled in already.
    """

    name: str
    """Of the target."""
    command: tuple[str, ...]
    port: int = 0
    """The loopback port where the server is to listen; 0 is any free one."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """What it inherits besides the search path."""
    health: str = "/health"
    """The path that is answered with 2xx once the server is ready."""
    start_limit_s: float = 60.0
    database: str = "docs"
    """The one that all samples share, unless it is a docwitness server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inability:
    """A language that cannot express something."""

    language: str
    row: str
    """A parameter, or status and message of an error; it may end in `…`."""
    reason: str
    line: int
    """Of the configuration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageSettings:
    """What `docwitness coverage` demands."""

    floor: int = 0
    """Percent; less than that fails."""
    languages: tuple[str, ...] = ()
    """Empty: those that samples are written in."""
    cannot: tuple[Inability, ...] = ()


TargetSettings = UrlSettings | ContainerSettings | ProcessSettings
"""Settings of a target of the configuration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """One project's configuration."""

    root: Path
    """The project folder, absolute: page paths are relative to it."""
    file: Path | None = None
    """Where it was read from; None when there is none and these are the defaults."""
    paths: tuple[Path, ...] = ()
    """Absolute; files or folders of pages."""
    target: str = "embedded"
    """`embedded`, a name in `targets`, or a URL."""
    placeholders: Placeholders = field(default_factory=lambda: Placeholders({}))
    runners: RunnerSettings = RunnerSettings()
    targets: Mapping[str, TargetSettings] = field(default_factory=dict)
    dialects: Mapping[Path, str] = field(default_factory=dict)
    """Absolute file or folder to the name of its dialect; the deepest one that holds a page decides."""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Further headings of claim tables, by the value of their `docwitness.tables.columns.Column`."""
    coverage: CoverageSettings = CoverageSettings()
    places: Mapping[str, int] = field(default_factory=dict)
    """Placeholder to its line in `file`."""
