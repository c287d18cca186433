"""How fast the write server is: start to the first 204, the latency of a one-line write, and lines per CPU second.

The load comes from the judge `bench/write/lpbench.py` of `$DOCWITNESS_SHARED` (default `../shared`), which measures both
servers in turn in one run; without it only the start is measured. VictoriaMetrics, where it is installed, is the mark for
speed. It is no semantic peer: it answers 204 to lines that it cannot read, and before they are safe.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from docwitness.server.journal import DatabaseSettings
from docwitness.server.service import ServerOptions, serving

LOAD = Path(os.environ.get("DOCWITNESS_SHARED", "../shared")) / "bench" / "write" / "lpbench.py"
PATIENCE_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """A server that listens."""

    name: str
    url: str
    pid: int
    token: str = ""
    database: str = ""


async def start_to_first_204(data: Path | None) -> float:
    """Seconds from nothing to the answer of the first write, in a process that has the modules loaded."""
    started = time.perf_counter()
    async with serving(ServerOptions(data=data)) as server:
        server.databases.create_database("home", DatabaseSettings())
        _, token = server.databases.create_token("home", frozenset({"write"}))
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        head = f"POST /api/v2/write?bucket=home HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
        writer.write(head.encode() + b"Content-Length: 11\r\n\r\nhome temp=1")
        status = await reader.readline()
        took_s = time.perf_counter() - started
        writer.close()
    if b" 204 " not in status:
        raise SystemExit(f"bench: the first write was answered with {status!r}")
    return took_s


@contextmanager
def docwitness(folder: Path) -> Iterator[Contestant]:
    """Our server, durable, as a process."""
    command = [sys.executable, "-m", "docwitness", "serve", "--data", str(folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            lines = [process.stdout.readline().split() for _ in range(4)] if process.stdout else []
            said = {line[0]: line[-1] for line in lines if len(line) == 2}
            yield Contestant(name="docwitness", url=said["URL"], pid=process.pid, token=said["token"], database=said["database"])
        finally:
            process.terminate()


@contextmanager
def victoria_metrics(folder: Path) -> Iterator[Contestant | None]:
    """VictoriaMetrics, where it is installed."""
    binary = shutil.which("victoria-metrics") or shutil.which("victoria-metrics-prod")
    if binary is None:
        print("VictoriaMetrics is not installed (Debian: apt-get install victoria-metrics); our server is measured alone")
        yield None
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [binary, f"-httpListenAddr={address}", f"-storageDataPath={folder}", "-retentionPeriod=100y"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(address)
            yield Contestant(name="victoria-metrics", url=f"http://{address}", pid=process.pid)
        finally:
            process.terminate()


def wait_for(address: str) -> None:
    """Returns when somebody listens there."""
    host, _, port = address.partition(":")
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            socket.create_connection((host, int(port)), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"bench: nobody listens at {address}")


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often each cell is measured")
    parser.add_argument("--corpus", default="a", help="corpora of the load, e.g. a,b,c")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch, ExitStack() as stack:
        asyncio.run(start_to_first_204(None))  # loads the modules
        memory = [asyncio.run(start_to_first_204(None)) for _ in range(9)]
        durable = [asyncio.run(start_to_first_204(Path(scratch) / f"start-{number}")) for number in range(9)]
        print(f"start to first 204, in memory   {1000 * statistics.median(memory):6.1f} ms")
        print(f"start to first 204, durable     {1000 * statistics.median(durable):6.1f} ms", flush=True)
        if not LOAD.exists():
            print(f"the load generator {LOAD} is not there: no latency and no throughput")
            return
        mark = stack.enter_context(victoria_metrics(Path(scratch) / "mark"))
        ours = stack.enter_context(docwitness(Path(scratch) / "ours"))
        command = [sys.executable, str(LOAD), "--token", ours.token, "--db", ours.database, "--rounds", str(chosen.rounds)]
        command += ["--corpus", chosen.corpus, "--lines", "1,100,5000", "--enc", "identity", "--conns", "1"]
        for server in filter(None, (mark, ours)):
            command += ["--url", server.url, "--name", server.name, "--path", "/api/v2/write", "--pid", str(server.pid)]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
