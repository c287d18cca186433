from __future__ import annotations

import json
from typing import Any

import pytest

from docwitness.documents import report_of
from docwitness.reporters.json import Json

PAGE = """<!-- docwitness: id=write -->
```sh
curl --silent "https://cluster-id.influxdb.io/api/v2/write?bucket=DATABASE_NAME" \\
  --header "Authorization: Bearer DATABASE_TOKEN" --data-binary 'm,t=a f=1.5,i=2i,u=3u,s="x",b=true 1735545600000000000'
printf '\\351' | curl --silent --data-binary @- "https://cluster-id.influxdb.io/api/v2/write?bucket=DATABASE_NAME"
```

<!-- docwitness: timeout=0.2 -->
```sh
sleep 5
```

<!-- docwitness: skip="not here" -->
```python
pass
```

<!-- docwitness: id=blank -->
```sh


exit 3
```

```toml
[[outputs.influxdb_v2]]
```

<!-- docwitness: values of=precision base=write -->

| Value | Unit |
|---|---|
| `s` | second |

```text
no sample
```
"""


@pytest.fixture
def document(project: Any) -> dict[str, Any]:
    """The report of a run with one thing of each kind in it."""
    project.page(PAGE)
    configuration = project.folder / "docwitness.toml"
    text = configuration.read_text(encoding="utf-8") + '[runners]\ntelegraf = {binary = "no-such-telegraf"}\n'
    configuration.write_text(text, encoding="utf-8")
    report: dict[str, Any] = project.run().report
    return report


def test_a_report_that_was_read_is_written_as_it_was(document: dict[str, Any]) -> None:
    assert {claim["verdict"] for claim in document["claims"]} >= {"refuted", "unproven"}
    assert json.loads(Json().render(report_of(document))) == document


def test_a_sample_keeps_its_lines_also_where_its_fence_begins_with_a_blank_line(document: dict[str, Any]) -> None:
    (claim,) = [claim for claim in document["claims"] if claim["id"] == "blank"]
    (verdict,) = [verdict for verdict in report_of(document).verdicts if verdict.id == "blank"]
    assert verdict.sample is not None
    assert verdict.sample.first_line == claim["first_line"] == claim["line"] + 3


def test_a_sample_keeps_the_lines_of_what_it_includes(document: dict[str, Any]) -> None:
    (claim,) = [claim for claim in document["claims"] if claim["id"] == "blank"]
    claim["lines"] = [4, 4, 5]
    (sample,) = [verdict.sample for verdict in report_of(document).verdicts if verdict.id == "blank"]
    assert sample is not None
    assert [sample.line(offset) for offset in range(3)] == [4, 4, 5]


def test_a_report_from_before_first_lines_were_written_is_read(document: dict[str, Any]) -> None:
    claims = [{key: value for key, value in claim.items() if key != "first_line"} for claim in document["claims"]]
    verdicts = report_of(document | {"claims": claims}).verdicts
    assert all(verdict.sample.first_line == verdict.location.line + 1 for verdict in verdicts if verdict.sample)


@pytest.mark.parametrize("key", ["format", "claims", "evidence", "tools", "started"])
def test_what_is_no_report_is_told(document: dict[str, Any], key: str) -> None:
    with pytest.raises(ValueError, match=key):
        report_of({name: value for name, value in document.items() if name != key})


def test_a_format_of_tomorrow_is_told(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="format is 2"):
        report_of(document | {"format": 2})
