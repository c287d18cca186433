"""Starts the write server and the site together; the site's placeholder bar then holds the server's address, token and database.

Arguments go to `docwitness serve`. The environment variable `DOCWITNESS_SITE_PORT` says where the site is (default 8000).
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from docwitness.integrations.server import VARIABLE

ROOT = Path(__file__).parents[1]
SERVER_FILE = ROOT / ".docwitness" / "site-server.json"
PATIENCE_S = 10
TOLD_WITHIN_S = 5
"""Between two lines of what the server says when it starts."""


@contextlib.contextmanager
def running(command: list[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block."""
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()


def announced(server: subprocess.Popen[bytes]) -> Mapping[str, str]:
    """What `docwitness serve` says of itself once it listens. Only its first start on a folder also tells database and token."""
    assert server.stdout is not None
    told = ""
    while select.select([server.stdout], [], [], TOLD_WITHIN_S)[0] and (piece := os.read(server.stdout.fileno(), 4096)):
        told += piece.decode()
        said = {name.lower(): value.strip() for name, _, value in (line.partition(" ") for line in told.splitlines(keepends=True))}
        if told.endswith("\n") and {"url", "database", "token"} <= said.keys():
            return {name: said[name] for name in ("url", "token", "database")}
    sys.exit("the write server did not say its address, database and token: give it a new folder, or --memory")


def keep(said: Mapping[str, str]) -> None:
    """For the site's extension; nobody else on the machine may read it."""
    SERVER_FILE.parent.mkdir(exist_ok=True)
    SERVER_FILE.touch(mode=0o600)
    SERVER_FILE.write_text(json.dumps(dict(said)), encoding="utf-8")


def listening(port: int, of: subprocess.Popen[bytes]) -> bool:
    """Waits until somebody listens there; False when the process ends before that."""
    while of.poll() is None:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return True
        time.sleep(0.1)
    return False


def main() -> None:
    """Runs both until one of them ends, or Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    python, port = sys.executable, int(os.environ.get("DOCWITNESS_SITE_PORT", "8000"))
    subprocess.run([python, "-m", "docwitness", "pages"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    serve = [python, "-m", "docwitness", "serve", "--no-access-log", *(sys.argv[1:] or ["--memory", "--port", "0"])]
    site = [python, "-m", "mkdocs", "serve", "--quiet", "--dev-addr", f"127.0.0.1:{port}"]
    try:
        with running(serve, {}) as server:
            said = announced(server)
            keep(said)
            print(f"Write server  {said['url']}, database {said['database']}", flush=True)
            with running(site, {VARIABLE: str(SERVER_FILE), "NO_MKDOCS_2_WARNING": "1"}) as pages:
                if listening(port, pages):
                    print(f"Site          http://127.0.0.1:{port}/  (Ctrl-C ends both)", flush=True)
                pages.wait()
    except KeyboardInterrupt:
        print()
    finally:
        SERVER_FILE.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
