"""The journal against 1,141 generated bodies that the real router of 2023 answered.

They stand beside the checkout, in `../shared/conformance/recorded`, or where `DOCWITNESS_RECORDED` says. Texts of 2024 and later
differ from those of 2023 in known ways (quotes, cut, words for what was a general error); all else must be the same. The rules that
came later touch none of the bodies: no column is called time, no string is over 64 KiB, no unit makes a time overflow.
"""

import json
import os
import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from docwitness.server.errors import ApiError
from docwitness.server.grammar import cut
from docwitness.server.journal import DatabaseSettings, Journal
from docwitness.server.point import FieldType, FieldValue, Point
from docwitness.server.schema import Limits

BESIDE = Path(__file__).parents[3] / "shared" / "conformance" / "recorded"
NOW = 4_102_444_800_000_000_000
TYPES = {FieldType.FLOAT: "f64", FieldType.INT: "i64", FieldType.UINT: "u64", FieldType.BOOL: "bool", FieldType.STRING: "str"}

SPECIFIC = re.compile(
    r"Expected (at least one space character|tag key|tag value), got |Tag set malformed: could not find equals sign in "
)
"""What 2024 says where 2023 had only the two general words below."""
GENERAL = {"A generic parsing error occurred: TakeWhile1", "Tag Set Malformed"}
CONFLICT = re.compile(
    r"the field '.*' is specified more than once with conflicting types|Unable to insert \S+ type into column .* with type \S+"
)


def recorded() -> list[dict[str, Any]]:
    folder = Path(os.environ.get("DOCWITNESS_RECORDED", BESIDE))
    path = folder / "line-protocol.jsonl"
    if "DOCWITNESS_RECORDED" in os.environ and not path.exists():
        pytest.fail(f"DOCWITNESS_RECORDED names a folder without {path.name}: {folder}")
    if not path.exists():
        pytest.skip(f"the recorded answers are not beside the checkout ({path})")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def answer(body: str) -> tuple[int, str]:
    """Status, and what was stored or why it was refused."""
    with closing(Journal.open(None)) as journal:
        journal.create_database("db", DatabaseSettings())
        try:
            journal.write("db", body, unit_ns=1, now_ns=NOW, partial_writes=False, limits=Limits())
        except ApiError as error:
            return error.status, error.message
        return 204, stored(list(journal.points("db")))


def stored(points: list[Point]) -> str:
    return " ; ".join(sorted(map(shown, points))) or "nothing"


def shown(point: Point) -> str:
    tags = f" tags{{{', '.join(f'{key}={value}' for key, value in point.tags)}}}" if point.tags else ""
    fields = ", ".join(f"{key}: {TYPES[type_]} {literal(value)}" for key, type_, value in point.fields)
    return f"m={point.table}{tags} {fields} @{'now' if point.time_ns == NOW else point.time_ns}"


def literal(value: FieldValue) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return str(value).replace("e+", "e").lower() if isinstance(value, bool | float) else str(value)


def first_reason(message: str) -> tuple[int, str]:
    """Number and reason of the first bad line of a report, old or new."""
    found = re.search(r"error (?:parsing|writing) line (\d+)(?: \(1-based\))?: ", message)
    assert found, message
    return int(found[1]), message[found.end() :]


def same_reason(ours: str, theirs: str) -> bool:
    if theirs in GENERAL:
        return SPECIFIC.match(ours) is not None
    if content := re.fullmatch(r"(Could not parse entire line. Found trailing content: )'(.*)'", theirs, re.DOTALL):
        return ours.startswith(f"{content[1]}`{cut(content[2])}`")
    theirs = theirs if CONFLICT.match(theirs) else theirs.replace("'", "`")
    return ours.startswith(theirs)


def difference(row: dict[str, Any]) -> str:
    """What is wrong; nothing where the answers agree."""
    status, ours = answer(row["body"])
    if status != row["status"]:
        return f"{row['status']} became {status}: {ours}"
    if status == 204:
        return "" if ours == row["stored"] else f"stored {ours} instead of {row['stored']}"
    theirs = json.loads(row["answer"])["message"]
    (our_line, our_reason), (their_line, their_reason) = first_reason(ours), first_reason(theirs)
    return "" if our_line == their_line and same_reason(our_reason, their_reason) else f"{ours} instead of {theirs}"


def test_every_recorded_body_is_answered_as_the_real_router_did() -> None:
    wrong = [f"{row['id']} {row['body']!r}: {found}" for row in recorded() if (found := difference(row))]
    assert not wrong, "\n".join(wrong)
