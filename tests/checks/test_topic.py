"""What the prober is asked to try is all that the checks look up, whatever a table says."""

from __future__ import annotations

from zlib import crc32

from hypothesis import example, given, settings
from hypothesis import strategies as st

from docwitness.checks.claims import judge
from docwitness.claim import Named
from docwitness.directives import Directives, Role
from docwitness.evidence import Evidence
from docwitness.exchange import Exchange, Request, Response, StoredPoint
from docwitness.execution import Replayed
from docwitness.observation import Grounds, Observation, Operation, Parameter, Varied
from docwitness.page import Cell, Location, Row, Table
from docwitness.tables.reading import read
from docwitness.topic import questions, topic_of
from docwitness.variation import UNCHANGED

NAMES = ("precision", "Content-Encoding", "Content-Length", "Transfer-Encoding", "Authorization", "org")
CODES = ("ns", "second", "s", "gzip", "chunked", "Basic …", "…", '""', "a b", "text/plain; charset=utf-8", "DATABASE_NAME")
REQUESTS = tuple(
    Request(method="POST", target=f"/api/v2/write?bucket=b{query}", version="HTTP/1.1", headers=headers, body=body)
    for query, headers, body in (
        ("", (("Content-Length", "8"),), b"home t=1"),
        ("&precision=s", (("Authorization", "Basic [token]"), ("Transfer-Encoding", "chunked")), b"home t=1 17"),
        ("&org=s", (("Content-Encoding", "gzip"),), b"# nothing"),
    )
)


def written(codes: list[str], words: str) -> Cell:
    """A cell with these code spans, and words behind the first of them."""
    return Cell(text=", ".join(codes).replace(",", f" {words},", 1), codes=tuple(codes))


CELLS = st.builds(written, st.lists(st.sampled_from(CODES), unique=True, max_size=4), st.sampled_from(("", "(default)", "such as")))
WORDS = st.builds(Cell, text=st.sampled_from(("", "Required", "Ignored", "Query string or header", "Header", "second")))
NAMED = st.sampled_from(NAMES).map(lambda name: Cell(text=name, codes=(name,)))
SHAPES = {
    Role.PARAMETERS: (("Parameter", "In", "Honored", "Value", "Default"), (NAMED, WORDS, WORDS, CELLS, CELLS)),
    Role.VALUES: (("Value", "Unit", "Same as", "2024-12-30"), (CELLS, WORDS, CELLS, st.just(Cell(text="17")))),
}


@st.composite
def tables(draw: st.DrawFn) -> Table:
    role = draw(st.sampled_from(tuple(SHAPES)))
    headings, columns = SHAPES[role]
    of = "POST /api/v2/write" if role is Role.PARAMETERS else draw(st.sampled_from(NAMES))
    rows = enumerate(draw(st.lists(st.tuples(*columns))), 3)
    return table_of(role, of, headings, *(Row(location=Location("docs/page.md", line), cells=cells) for line, cells in rows))


DESCRIBED = st.none() | st.builds(
    lambda place, values: Operation(
        parameters={name: Parameter(name=name, place=place, required=False, values=tuple(values)) for name in NAMES}
    ),
    st.sampled_from(("query", "header")),
    st.lists(st.sampled_from(CODES), max_size=3),
)


def observed(variation: Varied, request: Request, salt: int) -> Observation:
    """Accepted or refused, and stored at one time or another, by chance but always the same."""
    chance = crc32(f"{salt}{variation}".encode()) if salt else 0
    response = Response(status=400 if chance % 3 == 1 else 204, reason="", version="HTTP/1.1", headers=(), body=b"")
    effect = (StoredPoint(table="home", tags=(), fields=(("t", ("float", 1.0)),), time_ns=chance % 2),)
    exchange = Exchange(request=request, response=response, started_ns=5, ended_ns=7)
    evidence = Evidence(execution=Replayed(), exchanges=(exchange,), effect=effect)
    return Observation(variation=variation, evidence=evidence, database="b")


class Tried(dict[Varied, Observation]):
    """What was tried; remembers what else a judge wanted."""

    def __init__(self, tried: dict[Varied, Observation]) -> None:
        super().__init__(tried)
        self.missed: list[Varied] = []

    def __missing__(self, variation: Varied) -> Observation:
        self.missed.append(variation)
        return observed(variation, REQUESTS[0], 0)


def row(*texts: str) -> Row:
    return Row(location=Location("docs/page.md", 3), cells=tuple(Cell(text=text, codes=(text,) if text else ()) for text in texts))


def table_of(role: Role, of: str, headings: tuple[str, ...], *rows: Row) -> Table:
    return Table(
        location=Location("docs/page.md", 1), directives=Directives(role=role, of=of, base="b"), headings=headings, rows=rows
    )


ORG = table_of(Role.PARAMETERS, "POST /api/v2/write", ("Parameter", "Default"), row("org", "my-org"))
ELIDED = table_of(Role.VALUES, "precision", ("Value",), row("…"), row("ns"), row("s"))
SECOND = Operation(parameters={"precision": Parameter(name="precision", place="query", required=False, values=("second",))})


@settings(deadline=None)
@given(table=tables(), request=st.sampled_from(REQUESTS), described=DESCRIBED, salt=st.integers(0, 9))
@example(table=ORG, request=REQUESTS[0], described=None, salt=0)
@example(table=ELIDED, request=REQUESTS[0], described=SECOND, salt=0)
def test_everything_that_a_judge_asks_for_was_tried(table: Table, request: Request, described: Operation | None, salt: int) -> None:
    claims = read(table, {}).claims
    names = {claim.name for claim in claims if isinstance(claim, Named)}
    asked = {each for name in names for each in questions(topic_of(name, claims, request, described), claims)}
    observations = Tried({each: observed(each, request, salt) for each in asked})
    baseline = observed(UNCHANGED, request, 0)
    grounds = Grounds(baseline=baseline, observations=observations, described=described)
    for claim in claims:
        judge(claim, claims, grounds)
    assert observations.missed == []
