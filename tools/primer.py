"""Examines the v2 API primer: judges what it states over two servers, and writes `docs/primer.md` from the verdicts.

`python tools/primer.py` writes the page, `--check` only compares it with what would be written and exits with 1 where they differ.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PRIMER = ROOT / "primer"
PAGE = ROOT / "docs" / "primer.md"
PROMISED, REAL = "embedded:primer", "embedded:cloud-dedicated"
OF = "POST /api/v2/write"

_TABLES = {
    "parameters": "## Parameters and headers",
    "precision": "## Precisions",
    "errors": "## Errors",
    "options": "## Telegraf options",
    "samples": "## Samples",
}
_LONGEST = 110
_VOLATILE = (":errors", ":parameters", ":options", ":values")
"""Ids of claims about whole tables: which of several exchanges decides them differs from run to run."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail where the page is not current")
    options = parser.parse_args(arguments)
    text = page(judged(), stated())
    if not options.check:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    print(f"{PAGE.relative_to(ROOT)} is not current: python tools/primer.py writes it", file=sys.stderr)
    return 1


def stated() -> Mapping[str, Any]:
    """The errors of the primer, and words for its claims."""
    return tomllib.loads((PRIMER / "errors.toml").read_text(encoding="utf-8"))


def judged() -> Mapping[str, Any]:
    """The matrix of all that the primer states. Raises `CalledProcessError` when it cannot be had."""
    with tempfile.TemporaryDirectory(prefix="docwitness-") as folder:
        file = Path(folder) / "matrix.json"
        command = [sys.executable, "-m", "docwitness", "matrix", "--targets", f"{PROMISED},{REAL}", "--json", str(file)]
        subprocess.run(command, cwd=PRIMER, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, timeout=300)
        document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document


def page(matrix: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    """The whole page."""
    head = (PRIMER / "head.md").read_text(encoding="utf-8")
    claims = {claim["id"]: claim for claim in matrix["claims"]}
    return "\n".join([head, *_counts(matrix), *_errors(claims, words["errors"]), *_claims(claims, words)]) + "\n"


def _counts(matrix: Mapping[str, Any]) -> Iterator[str]:
    yield from ("| Over the server with profile | Proven | Refuted | Unproven |", "|---|---|---|---|")
    for target in matrix["targets"]:
        summary = target["summary"]
        yield f"| `{target['profile']}` | {summary['proven']} | {summary['refuted']} | {summary['unproven']} |"
    yield ""


def _errors(claims: Mapping[str, Any], errors: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield from (
        f"## Its {len(errors)} errors",
        "",
        "Those that a machine can witness come out refuted over the real router's rules. The others are here with the reason.",
        "",
    )
    yield from (
        "| | The primer says or does | `primer` | `cloud-dedicated` | Witness, or why there is none |",
        "|---|---|---|---|---|",
    )
    for number, error in enumerate(errors, 1):
        if "reason" in error:
            yield f"| {number} | {error['says']} | | | {error['reason']} |"
            continue
        verdicts = (", ".join(_verdict(claims, error["claims"], target)) for target in (PROMISED, REAL))
        witnesses = ", ".join(dict.fromkeys(f"`{claim.removeprefix(f'{OF}:')}`" for claim in error["claims"]))
        yield f"| {number} | {error['says']} | {' | '.join(verdicts)} | {witnesses} |"
    yield ""


def _verdict(claims: Mapping[str, Any], wanted: Sequence[str], target: str) -> list[str]:
    """Each verdict once."""
    return list(dict.fromkeys(claims[claim]["verdicts"][target]["verdict"] for claim in wanted))


def _claims(claims: Mapping[str, Any], words: Mapping[str, Any]) -> Iterator[str]:
    for table, heading in _TABLES.items():
        yield from (heading, "", "| Claim | `primer` | `cloud-dedicated` | What decides it over the latter |", "|---|---|---|---|")
        for claim in claims.values():
            if _table(claim) == table:
                promised, real = (claim["verdicts"][target]["verdict"] for target in (PROMISED, REAL))
                yield f"| {_statement(claim, words)} | {promised} | {real} | {_deciding(claim, words)} |"
        yield ""


def _table(claim: Mapping[str, Any]) -> str:
    if claim["kind"] == "sample":
        return "samples"
    if claim["kind"] == "option":
        return "options"
    if claim["kind"] == "error":
        return "errors"
    return "parameters" if claim["id"].startswith(OF) else "precision"


def _statement(claim: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    """What is stated, in words."""
    if claim["kind"] == "sample":
        return str(words["statements"][claim["id"]])
    subject = claim["id"].removeprefix(f"{OF}:").removeprefix("telegraf-output:")
    name, _, aspect = subject.partition(":")
    if claim["kind"] == "error":
        return f"`{claim['cell']}`" if aspect else "There are no other errors"
    return _aspect(claim, name, aspect) if aspect or "=" in name else "There are no others"


def _aspect(claim: Mapping[str, Any], name: str, aspect: str) -> str:
    """What is stated of a parameter or an option, or of one of its values."""
    match aspect:
        case "":
            unit = claim["cell"].partition(": ")[2] if _table(claim) == "precision" else ""
            return f"`{name}` is for {unit}s" if unit else f"`{name}` is taken"
        case "honored":
            return f"`{name}` is {claim['cell'].lower()}"
        case "values":
            return f"`{name}` takes no others"
        case "required":
            return f"`{name}` is required"
        case _:
            return f"`{name}` stands in the {aspect.removeprefix('in ')}"


def _deciding(claim: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    """The exchange, or else the reason; with a note where there is one."""
    entry = claim["verdicts"][REAL]
    told = [words["notes"][claim["id"]]] if claim["id"] in words["notes"] else []
    if entry["exchange"] is not None and not claim["id"].endswith(_VOLATILE):
        told.insert(0, _exchange(entry["exchange"], entry["change"]))
    shows_only_in_store = entry["rule"] in {"stored-differs", "implausible-time"}
    if entry["verdict"] == "refuted" and (entry["exchange"] is None or shows_only_in_store):
        told.append(_flat(entry["reason"]))
    elif claim["id"].endswith(_VOLATILE) and entry["rule"] is not None:
        told.append(f"[{entry['rule']}](toolkit/rules.md#rules)")
    return "; ".join(told)


def _exchange(exchange: Mapping[str, Any], change: str) -> str:
    request, response = exchange["request"], exchange["response"]
    asked = f"`{request['method']} {_named(request['target'])}`{f', {_flat(change)}' if change not in ('', 'as it is') else ''}"
    if response is None:
        return f"{asked}: no response"
    text = response["body"].get("text", "")
    message = f" `{_flat(json.loads(text)['message'])}`" if text.startswith("{") else ""
    return f"{asked}: {response['status']}{message}"


def _flat(text: str) -> str:
    """One line that fits into a cell, without what differs from run to run."""
    line = _named(" ".join(text.split())).replace("|", "\\|").replace("`", "'")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _named(text: str) -> str:
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1", re.sub(r"\bdw[0-9a-f]{12}\b", "DATABASE_NAME", text))


if __name__ == "__main__":
    sys.exit(main())
