from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import trustme

from docwitness.directives import ScopeSettings
from docwitness.errors import TargetError, TargetUnavailableError, UsageError
from docwitness.server.service import ServerOptions, Serving, serving
from docwitness.settings import UrlSettings
from docwitness.targets.base import Scope, Upstream
from docwitness.targets.recorder import Recorder
from docwitness.targets.tls import tls_context
from docwitness.targets.url import Url, upstream_of

pytestmark = pytest.mark.anyio

SHARED = {"DOCWITNESS_TOKEN": "of-ours", "DOCWITNESS_DATABASE": "sensors"}


@asynccontextmanager
async def misbehaving(apps: ModuleType, name: str) -> AsyncIterator[str]:
    server = await apps.serve(getattr(apps, name))
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


async def test_an_open_administration_on_loopback_gives_fresh_scopes_and_effects() -> None:
    async with serving(ServerOptions()) as server, Url(UrlSettings(url=server.url), {}).running() as target:
        scope = await target.open_scope(ScopeSettings(retention_s=3600))
        server.databases.write(scope.database, 'home,a=1 f=2,g=1e400,s="x",n=1i', unit_ns=1)
        (point,) = await target.effect(scope) or ()
        assert point.fields == (("f", ("float", 2.0)), ("g", ("float", float("inf"))), ("n", ("int", 1)), ("s", ("string", "x")))
        assert server.databases.settings[scope.database].retention_s == 3600
        await target.close_scope(scope)
        assert scope.database not in server.databases.settings
        assert target.fresh_scopes
        description = target.description
        assert (description.kind, description.server[:10], description.profile) == ("url", "docwitness", "cloud-dedicated")


async def admin_running(server: Serving, token: str) -> None:
    settings = UrlSettings(url=server.url, admin_token_env="ADMIN")
    async with Url(settings, {"ADMIN": token}).running() as target:
        await target.open_scope(ScopeSettings())


async def test_the_administration_token_opens_it() -> None:
    async with serving(ServerOptions(admin_token="secret")) as server:
        await admin_running(server, "secret")
        assert len(server.databases.settings) == 1


async def test_a_wrong_administration_token_is_an_error_that_says_so() -> None:
    async with serving(ServerOptions(admin_token="secret")) as server:
        with pytest.raises(TargetUnavailableError, match=r"does not accept the administration token \(40[13]\)") as caught:
            await admin_running(server, "of-yesterday")
    assert "of-yesterday" not in str(caught.value)


async def test_a_server_without_administration_is_an_error_where_a_token_for_it_is_given(apps: ModuleType) -> None:
    async with misbehaving(apps, "answers_200_for_204") as url:
        target = Url(UrlSettings(url=url, admin_token_env="ADMIN"), {"ADMIN": "x"})
        with pytest.raises(TargetUnavailableError, match="has no administration API"):
            await target.running().__aenter__()


async def test_without_administration_all_samples_share_the_environment(apps: ModuleType) -> None:
    async with misbehaving(apps, "answers_200_for_204") as url, Url(UrlSettings(url=url), SHARED).running() as target:
        scope = await target.open_scope(ScopeSettings())
        assert scope == Scope(database="sensors", token="of-ours", read_token="of-ours")
        assert not target.fresh_scopes
        assert await target.effect(scope) is None
        assert target.description.address == url


@pytest.mark.parametrize(("missing", "what"), [("DOCWITNESS_TOKEN", "a token"), ("DOCWITNESS_DATABASE", "the database")])
async def test_an_unset_variable_is_an_error_that_names_it(apps: ModuleType, missing: str, what: str) -> None:
    async with misbehaving(apps, "answers_200_for_204") as url:
        target = Url(UrlSettings(url=url), {name: value for name, value in SHARED.items() if name != missing})
        with pytest.raises(TargetUnavailableError, match=f"environment variable {missing} is not set: it holds {what}"):
            await target.running().__aenter__()


async def test_no_answer_is_an_error() -> None:
    with pytest.raises(TargetUnavailableError, match=r"no answer from http://127\.0\.0\.1:1: "):
        await Url(UrlSettings(url="http://127.0.0.1:1"), SHARED).running().__aenter__()


async def test_a_server_that_stops_in_the_run_is_a_target_error() -> None:
    async with serving(ServerOptions()) as server, Url(UrlSettings(url=server.url), {}).running() as target:
        scope = await target.open_scope(ScopeSettings())
        await target.close_scope(scope)
        with pytest.raises(TargetError, match="answers 404 to GET /admin/databases/"):
            await target.effect(scope)


@pytest.mark.parametrize(
    ("url", "upstream"),
    [
        ("https://cloud.example.com", Upstream(host="cloud.example.com", port=443, tls=True, host_header="cloud.example.com")),
        ("http://[::1]:8086/base/", Upstream(host="::1", port=8086, base_path="/base", host_header="[::1]:8086")),
    ],
)
def test_a_url_says_where_the_recorder_forwards_to(url: str, upstream: Upstream) -> None:
    assert upstream_of(url) == upstream


@pytest.mark.parametrize("url", ["ftp://example.com", "http://", "http://a:b:c", "http://[::1"])
def test_what_is_no_url_of_a_server_is_a_usage_error(url: str) -> None:
    with pytest.raises(UsageError, match=r"is not (a|the) URL"):
        Url(UrlSettings(url=url))


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A certificate authority that this process trusts while the test runs."""
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    tls_context.cache_clear()
    yield made
    tls_context.cache_clear()


@pytest.mark.parametrize(("name", "reached"), [("localhost", True), ("other.example.com", False)])
async def test_the_recorder_speaks_tls_to_a_remote_target_and_checks_whom_it_is(
    apps: ModuleType, authority: trustme.CA, name: str, reached: bool
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    server = await apps.serve(apps.answers_200_for_204, ssl=context)
    upstream = upstream_of(f"https://localhost:{server.sockets[0].getsockname()[1]}")
    async with Recorder(upstream) as recorder:
        reader, writer = await asyncio.open_connection("127.0.0.1", recorder.port)
        writer.write(b"POST /write HTTP/1.1\r\nHost: x\r\n\r\n")
        if reached:
            assert (await reader.readline()) == b"HTTP/1.1 200 OK\r\n"
            writer.write_eof()
            await reader.read()
        writer.close()
        (exchange,) = (await recorder.recorded()).exchanges
    server.close()
    assert (exchange.response is not None) == reached
    assert reached or "certificate" in exchange.unreachable
