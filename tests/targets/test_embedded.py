from __future__ import annotations

import httpx
import pytest

from docwitness.directives import ScopeSettings
from docwitness.errors import UsageError
from docwitness.exchange import StoredPoint
from docwitness.targets.base import RunningTarget, Scope
from docwitness.targets.embedded import Embedded

pytestmark = pytest.mark.anyio


async def write(target: RunningTarget, scope: Scope, lines: str, *, token: str = "") -> int:
    url = f"http://{target.upstream.host}:{target.upstream.port}/api/v2/write"
    async with httpx.AsyncClient(trust_env=False) as client:
        headers = {"authorization": f"Token {token or scope.token}"}
        answer = await client.post(url, params={"bucket": scope.database}, content=lines, headers=headers)
    return answer.status_code


async def test_what_is_written_is_the_effect() -> None:
    async with Embedded().running() as target:
        scope = await target.open_scope(ScopeSettings())
        assert await target.effect(scope) == ()
        assert await write(target, scope, 'home,b=1,a=2 s="x",n=1i,u=2u,f=1,t=true 1735545600000000000') == 204
        fields = (("f", ("float", 1.0)), ("n", ("int", 1)), ("s", ("string", "x")), ("t", ("bool", True)), ("u", ("uint", 2)))
        point = StoredPoint(table="home", tags=(("a", "2"), ("b", "1")), fields=fields, time_ns=1735545600000000000)
        assert await target.effect(scope) == (point,)


async def test_scopes_do_not_see_each_other() -> None:
    async with Embedded().running() as target:
        one, other = await target.open_scope(ScopeSettings()), await target.open_scope(ScopeSettings())
        assert await write(target, one, "home temp=1") == 204
        assert await target.effect(other) == ()
        assert await write(target, one, "home temp=1", token=other.token) == 403


async def test_the_read_token_does_not_write() -> None:
    async with Embedded().running() as target:
        scope = await target.open_scope(ScopeSettings())
        assert await write(target, scope, "home temp=1", token=scope.read_token) == 403


async def test_a_closed_scope_is_gone_with_its_tokens() -> None:
    async with Embedded().running() as target:
        scope = await target.open_scope(ScopeSettings())
        await target.close_scope(scope)
        assert await write(target, scope, "home temp=1") == 403


async def test_scope_settings_are_those_of_the_database() -> None:
    async with Embedded().running() as target:
        scope = await target.open_scope(ScopeSettings(retention_s=60, partial_writes=True))
        assert await write(target, scope, "home temp=1\nhome temp=2 1\nhome temp=") == 400
        effect = await target.effect(scope)
    assert effect is not None
    assert [point.fields for point in effect] == [(("temp", ("float", 1.0)),)]


async def test_the_profile_is_chosen_and_told() -> None:
    async with Embedded("primer").running() as target:
        assert target.description.profile == "primer"
        assert target.fresh_scopes


async def test_an_unknown_profile_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="no profile named 'cloud'; known: cloud-dedicated"):
        Embedded("cloud")
