from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from docwitness.claim import Claim, ErrorReturned, OnlyParameters, Origin
from docwitness.coverage import Coverage, Row, coverage
from docwitness.directives import Role
from docwitness.evidence import Evidence
from docwitness.exchange import Exchange, Request, Response
from docwitness.execution import Completed
from docwitness.observation import Witnessed
from docwitness.page import Location
from docwitness.sample import Sample
from docwitness.settings import Inability

OF = "POST /api/v2/write"


def _origin(role: Role, line: int) -> Origin:
    place = Location("page.md", line)
    return Origin(role=role, table=place, location=place, of=OF, base=None, row="", hash="")


def _parameters(*names: str) -> Claim:
    return OnlyParameters(id="p", origin=_origin(Role.PARAMETERS, 3), cell="", names=names)


def _error(status: int, message: str | None = None, code: str | None = None) -> Claim:
    return ErrorReturned(id="e", origin=_origin(Role.ERRORS, 9), cell="", status=status, code=code, message=message)


def _ran(
    language: str = "shell", *, target: str = "/api/v2/write?bucket=b", status: int = 204, text: str = "", **changes: Any
) -> Witnessed:
    body = json.dumps({"code": "invalid", "message": changes.pop("message", "")}).encode()
    request = Request(
        method=changes.pop("method", "POST"), target=target, version="HTTP/1.1", headers=changes.pop("headers", ()), body=b""
    )
    response = Response(status=status, reason="", version="HTTP/1.1", headers=(), body=body)
    exchange = Exchange(request=request, response=response, started_ns=0, ended_ns=1)
    sample = Sample(
        id=changes.pop("id", language), location=Location("page.md", 20), language=language, text=text, hash="", first_line=21
    )
    done = Completed(exit_status=0, stdout="", stderr="", duration_s=0.0)
    return Witnessed(sample=sample, evidence=Evidence(execution=done, exchanges=(exchange,)))


def _covered(
    claims: Sequence[Claim], *witnessed: Witnessed, cannot: Sequence[Inability] = (), languages: str = "shell"
) -> Coverage:
    return coverage(claims, witnessed, languages.split(), cannot)


def _ids(found: Coverage, label: str, language: str = "shell") -> list[str]:
    (row,) = [row for row in found.rows if row.label == label]
    return [witness.id for witness in found.fields[row, language].witnesses]


def test_a_parameter_is_witnessed_by_who_sends_it() -> None:
    found = _covered([_parameters("bucket", "precision")], _ran(id="one"))
    assert (_ids(found, "bucket"), _ids(found, "precision")) == (["one"], [])
    assert [field.row.label for field in found.gaps] == ["precision"]
    assert (found.wanted, found.percent) == (2, 50)


def test_headers_have_their_names_in_any_case_and_parameters_do_not() -> None:
    sent = _ran(headers=(("ACCEPT", "*/*"),), target="/api/v2/write?Bucket=b")
    found = _covered([_parameters("Accept", "bucket")], sent)
    assert (_ids(found, "Accept"), _ids(found, "bucket")) == (["shell"], [])


def test_options_of_a_tool_are_no_rows() -> None:
    options = OnlyParameters(id="o", origin=_origin(Role.OPTIONS, 3), cell="", names=("bucket",))
    assert _covered([options], _ran()).rows == ()


def test_another_operation_witnesses_nothing() -> None:
    found = _covered([_parameters("bucket")], _ran(target="/write?bucket=b"), _ran(method="GET"))
    assert found.percent == 0


def test_samples_that_name_a_parameter_come_before_those_whose_client_sends_it() -> None:
    headers = (("User-Agent", "x"),)
    found = _covered(
        [_parameters("User-Agent")], _ran(id="client", headers=headers), _ran(id="own", headers=headers, text="User-Agent: x")
    )
    assert _ids(found, "User-Agent") == ["own", "client"]
    (field,) = found.fields.values()
    assert [witness.on_purpose for witness in field.witnesses] == [True, False]


@pytest.mark.parametrize(
    ("claim", "label", "seen"),
    [
        (_error(400, "no …"), "400 no …", {"status": 400, "message": "no bucket"}),
        (_error(400, code="invalid"), "400 invalid", {"status": 400}),
        (_error(404), "404", {"status": 404, "target": "/elsewhere", "method": "GET"}),
    ],
)
def test_an_error_is_witnessed_by_who_meets_it(claim: Claim, label: str, seen: dict[str, Any]) -> None:
    assert _ids(_covered([claim], _ran(**seen)), label) == ["shell"]


@pytest.mark.parametrize(
    "seen",
    [
        {"status": 401, "message": "no bucket"},
        {"status": 400, "message": "other"},
        {"status": 400, "message": "no bucket", "target": "/write"},
    ],
)
def test_another_error_is_not_meant(seen: dict[str, Any]) -> None:
    assert _covered([_error(400, "no …")], _ran(**seen)).percent == 0


def test_what_a_language_cannot_is_no_gap() -> None:
    cannot = [Inability(language="telegraf", row="400 no…", reason="always sends it", line=7)]
    found = _covered([_error(400, "no bucket")], _ran(status=400, message="no bucket"), cannot=cannot, languages="shell telegraf")
    assert (found.wanted, found.percent, found.gaps, found.unknown) == (1, 100, (), ())


def test_what_a_language_can_after_all_contradicts_that_it_cannot() -> None:
    cannot = [Inability(language="shell", row="bucket", reason="so they say", line=7)]
    (field,) = _covered([_parameters("bucket")], _ran(), cannot=cannot).contradictions
    assert (field.row.label, field.witnesses[0].id) == ("bucket", "shell")


@pytest.mark.parametrize("cannot", [("shell", "buckets"), ("pascal", "bucket"), ("shell", "bucke")])
def test_exclusions_that_mean_nothing_are_told(cannot: tuple[str, str]) -> None:
    language, row = cannot
    given = Inability(language=language, row=row, reason="r", line=7)
    assert _covered([_parameters("bucket")], cannot=[given]).unknown == (given,)


def test_all_but_one_is_not_all() -> None:
    names = [f"p{number}" for number in range(200)]
    target = "/api/v2/write?" + "&".join(f"{name}=1" for name in names[1:])
    assert _covered([_parameters(*names)], _ran(target=target)).percent == 99


def test_a_row_stands_where_its_table_has_it() -> None:
    found = _covered([_error(400, "no bucket")])
    assert [(row.kind.value, row.location) for row in found.rows] == [("error", Location("page.md", 9))]
    assert isinstance(found.rows[0], Row)
