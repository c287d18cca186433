"""A built site in real Chromium. `./dev site` builds it and says where it is; without that there is nothing to look at here."""

from __future__ import annotations

import functools
import json
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

SITE = Path(os.environ.get("DOCWITNESS_SITE", "site"))
collect_ignore_glob = [] if "DOCWITNESS_SITE" in os.environ else ["test_*.py"]

if not collect_ignore_glob:
    from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
REPORT = Path(os.environ.get("DOCWITNESS_REPORT", ROOT / ".docwitness" / "report.json"))
VALUES = {"url": "https://influx.example.org:8181", "token": "apiv3_abcDEF-123", "database": "sensors"}
CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
)


class _Quiet(SimpleHTTPRequestHandler):
    """A static host: pages that are not there are answered with the site's own 404 page."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        pass

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = SITE / "404.html"
        if code != 404 or not page.exists():
            super().send_error(code, message, explain)
            return
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.read_bytes())


@dataclass(slots=True)
class Visit:
    """A tab of a fresh browser profile, and what it should not have seen."""

    page: Page
    base: str
    foreign: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Opens a page of the site and waits until its script has run."""
        self.page.goto(f"{self.base}/{path}")
        self.page.wait_for_function("!document.querySelector('.dw-bar') || document.querySelector('.dw-bar details')")

    def fill(self, **values: str) -> None:
        """Types into the placeholder bar. A field that no sample of the page needs is not there."""
        self.page.evaluate("document.querySelector('.dw-bar details').open = true")
        for name, value in values.items():
            if self.page.locator(f".dw-bar input[name={name}]").count():
                self.page.fill(f".dw-bar input[name={name}]", value)

    def text(self, selector: str) -> str:
        """What a reader sees there."""
        return self.page.locator(selector).first.inner_text()


@pytest.fixture(scope="session")
def base() -> Iterator[str]:
    """Where the site is served: at the address that it was built for, or else instant navigation is off."""
    address = urlsplit(os.environ.get("DOCWITNESS_SITE_URL", ""))
    server = ThreadingHTTPServer(("127.0.0.1", address.port or 0), functools.partial(_Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the machine."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        message = "there is no chromium on PATH; on Debian: apt install chromium"
        pytest.fail(message) if "CI" in os.environ else pytest.skip(message)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM))
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, base: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A visit that ends well: no request to another host, and nothing on the console. A parameter holds options of its context."""
    context = browser.new_context(**getattr(request, "param", {}))
    # both, or Chromium denies the one that is left out
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=base)
    visit = Visit(context.new_page(), base)
    visit.page.on("request", lambda sent: visit.foreign.append(sent.url) if _is_foreign(sent.url, base) else None)
    visit.page.on("console", lambda message: visit.console.append(message.text) if message.type in ("error", "warning") else None)
    visit.page.on("pageerror", lambda error: visit.console.append(str(error)))
    yield visit
    context.close()
    assert visit.foreign == []
    assert visit.console == []


def _is_foreign(url: str, base: str) -> bool:
    return url.startswith(("http", "ws")) and not url.startswith(f"{base}/")


def report() -> dict[str, Any]:
    """That of the run whose marks the site shows."""
    loaded: dict[str, Any] = json.loads(REPORT.read_text(encoding="utf-8"))
    return loaded


def pages() -> list[str]:
    """The paths of all pages of the site, without that for 404."""
    return sorted(f"{file.parent.relative_to(SITE).as_posix()}/".removeprefix("./") for file in SITE.rglob("index.html"))


def path_of(page: str) -> str:
    """Where a file of `docs/` is on the site."""
    path = page.removeprefix("docs/").removesuffix(".md").removesuffix("index").strip("/")
    return f"{path}/" if path else ""
