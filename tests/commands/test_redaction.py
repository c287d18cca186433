"""Tokens are fresh secrets of the run: they may reach the sample and the server, and nothing that is kept or shown."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote


def test_no_token_in_any_output(project: Any) -> None:
    kept = project.folder / "token"
    project.page(
        "<!-- docwitness: id=tells -->\n```sh\n"
        f"printf '%s' DATABASE_TOKEN > {kept}\n"
        "echo DATABASE_TOKEN\necho DATABASE_TOKEN >&2\nprintf '%s' user:DATABASE_TOKEN | base64 -w 0\n"
        'url="https://cluster-id.influxdb.io"\n'
        'curl -s "$url/write?db=DATABASE_NAME&p=DATABASE_TOKEN" -H "Authorization: Token DATABASE_TOKEN"'
        " --data-binary 'a t=\"DATABASE_TOKEN\"'\n"
        'curl -s "$url/api/v2/write?bucket=DATABASE_NAME" -u user:DATABASE_TOKEN --data-binary "DATABASE_TOKEN"\n'
        "exit 1\n```\n\n"
        "<!-- docwitness: output -->\n```text\nDATABASE_TOKEN or not\n```\n"
    )
    ended = project.run("--junit", "junit.xml")
    token = kept.read_text()
    assert (ended.status, len(token) > 10) == (1, True)
    written = (project.folder / "report.json").read_text() + (project.folder / "junit.xml").read_text() + ended.out + ended.err
    written += (project.folder / ".docwitness" / "durations.json").read_text()
    assert "[token]" in written
    for form in (token, quote(token, safe=""), base64.b64encode(f"user:{token}".encode()).decode()):
        assert form not in written
