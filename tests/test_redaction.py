from __future__ import annotations

import base64
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docwitness.directives import Directives
from docwitness.evidence import Evidence
from docwitness.exchange import Exchange, RefusedHost, Request, Response, StoredPoint
from docwitness.execution import Completed, Execution, Skipped, TimedOut
from docwitness.page import Location
from docwitness.redaction import Redactor
from docwitness.sample import Expected, NamedFile, Sample

TOKEN = "dw_Zx8/kQ+19=="
PLAIN = "dw_TKNZtCu-6reNPwFRbkzIsDEjzP4kweHBRcLHwj2q0xI"
SPACED = "a secret/word"
REDACTOR = Redactor({SPACED: "[spaced]", TOKEN: "[token]", f"{TOKEN}longer": "[other]", "": "[nothing]"})

FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "quoted": quote,
    "quoted whole": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "every byte quoted": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "JSON": json.dumps,
    "JSON in Unicode": lambda text: json.dumps(text, ensure_ascii=False),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
}
TEXT = st.text(st.characters(codec="utf-8"), max_size=24)


@pytest.mark.parametrize("form", FORMS)
@given(secret=TEXT.filter(lambda text: len(text.encode()) >= 8), before=TEXT, after=TEXT)
def test_no_secret_survives_in_any_form(form: str, secret: str, before: str, after: str) -> None:
    """Whatever is written beside it in the same form."""
    redacted = Redactor({secret: "[token]"}).text(FORMS[form](f"{before}{secret}{after}"))
    assert "[token]" in redacted
    assert FORMS[form](secret).strip('"=') not in redacted.replace("[token]", "")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("filler", [b"home temp=1\n", bytes(range(256))], ids=["few bytes", "every byte"])
def test_large_bodies_are_no_hiding_place(form: str, filler: bytes) -> None:
    filler = filler * (100_000 // len(filler))
    redactor = Redactor({PLAIN: "[token]"})
    assert redactor.bytes(filler + b" " + FORMS[form](PLAIN).encode() + b" " + filler).count(b"[token]") == 1
    assert redactor.bytes(filler) == filler


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        (f"Authorization: Token {TOKEN}", "Authorization: Token [token]"),
        (f"p={quote(TOKEN)}&x=1", "p=[token]&x=1"),
        (f"p={TOKEN.replace('/', '%2f')}", "p=[token]"),
        (f"Basic {base64.b64encode(f'user:{TOKEN}'.encode()).decode()}\nnext", "Basic [token]\nnext"),
        (f"{TOKEN}longer", "[other]"),
        (TOKEN.replace("/", "\\/"), "[token]"),
        (quote_plus(SPACED), "[spaced]"),
        ("100 % of \\ nothing", "100 % of \\ nothing"),
    ],
)
def test_a_word_stands_for_the_secret(text: str, redacted: str) -> None:
    assert REDACTOR.text(text) == redacted


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("width", [20, 64, 76])
@pytest.mark.parametrize("before", [0, 1, 2, 8, 30, 55])
def test_base64_on_several_lines_is_no_hiding_place(before: int, width: int, end: str) -> None:
    whole = base64.b64encode(f"{'u' * before}:{PLAIN}".encode()).decode()
    broken = end.join(whole[start : start + width] for start in range(0, len(whole), width))
    text, redactor = f"first{end}{broken}{end}last", Redactor({PLAIN: "[token]"})
    redacted = redactor.text(text)
    assert redactor.bytes(text.encode()) == redacted.encode()
    assert redacted.count("[token]") == 1
    assert redacted.endswith(f"{end}last")
    kept = redacted.removeprefix(f"first{end}").partition("[token]")[0].replace(end, "")
    assert whole.startswith(kept)
    assert len(kept) * 6 <= (before + 1) * 8, "it holds bits of the token"


def test_bytes_that_are_no_text_stay_as_they_are() -> None:
    assert REDACTOR.bytes(b"\xff\xfe" + TOKEN.encode() + b"\x80") == b"\xff\xfe[token]\x80"


def test_exchanges_are_redacted_in_every_part() -> None:
    request = Request(
        method=TOKEN, target=f"/{TOKEN}", version=TOKEN, headers=((TOKEN, TOKEN),), body=TOKEN.encode(), problem=TOKEN
    )
    response = Response(status=204, reason=TOKEN, version="", headers=((TOKEN, TOKEN),), body=TOKEN.encode(), problem=TOKEN)
    exchange = Exchange(request=request, response=response, started_ns=1, ended_ns=2)
    assert TOKEN not in repr(REDACTOR.exchange(exchange))
    assert repr(REDACTOR.exchange(exchange)).count("[token]") == 12


@pytest.mark.parametrize(
    "execution",
    [
        Completed(exit_status=0, stdout=TOKEN, stderr=TOKEN, duration_s=0.1, undefined_name=TOKEN, complaint=TOKEN),
        TimedOut(limit_s=1, stdout=TOKEN, stderr=TOKEN),
        Skipped(reason=TOKEN, hint=TOKEN),
    ],
)
def test_executions_are_redacted_in_every_part(execution: Execution) -> None:
    assert TOKEN not in repr(REDACTOR.execution(execution))


def test_samples_are_redacted_in_every_part() -> None:
    here = Location("docs/page.md", 1)
    block = Expected(location=here, text=TOKEN, first_line=2)
    sample = Sample(
        id="a",
        location=here,
        language="shell",
        text=TOKEN,
        hash="",
        first_line=2,
        directives=Directives(),
        response=block,
        output=block,
        stored=block,
        files=(NamedFile(name="f", text=TOKEN, location=here),),
    )
    assert TOKEN not in repr(REDACTOR.sample(sample))


def test_effects_are_redacted() -> None:
    point = StoredPoint(table=TOKEN, tags=(("t", TOKEN),), fields=((TOKEN, ("string", TOKEN)), ("n", ("int", 1))), time_ns=1)
    (redacted,) = REDACTOR.effect((point,))
    assert TOKEN not in repr(redacted)
    assert redacted.fields[1] == ("n", ("int", 1))


def test_evidence_is_redacted_in_every_part_that_is_new() -> None:
    request = Request(method="GET", target=f"/{TOKEN}", version="HTTP/1.1", headers=(), body=b"")
    exchange = Exchange(request=request, response=None, started_ns=1, ended_ns=2)
    point = StoredPoint(table=TOKEN, tags=(), fields=(("n", ("int", 1)),), time_ns=1)
    evidence = Evidence(
        execution=Completed(exit_status=0, stdout=TOKEN, stderr="", duration_s=0.1),
        exchanges=(exchange,),
        refused=(RefusedHost(host=TOKEN),),
        earlier=(REDACTOR.exchange(exchange),),
        effect=(point,),
        change="x left out",
        ended_ns=3,
    )
    redacted = REDACTOR.evidence(evidence)
    assert TOKEN not in repr(redacted)
    assert (redacted.earlier, redacted.change, redacted.ended_ns) == (evidence.earlier, "x left out", 3)
