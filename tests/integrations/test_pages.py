"""`docwitness pages`: the pages and files that a site takes from a run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from tests.conftest import Project

from docwitness.directives import Role
from docwitness.integrations.anchors import Links, of_row
from docwitness.page import Location

PAGE = """# API

<!-- docwitness: id=write -->
```sh
curl --silent "https://cluster-id.influxdb.io/api/v2/write?bucket=DATABASE_NAME" \\
  --header "Authorization: Bearer DATABASE_TOKEN" --data-binary 'home temp=21.5'
```

<!-- docwitness: id=refused expect=401 -->
```sh
curl --silent "https://cluster-id.influxdb.io/api/v2/write?bucket=DATABASE_NAME" --data-binary 'home temp=21.5'
```

<!-- docwitness: parameters of="POST /api/v2/write" base=write -->

| Parameter | Required |
|---|---|
| `bucket` | Required |
| `Authorization` | Required |

<!-- docwitness: errors of="POST /api/v2/write" -->

| Status | Code | Message | What to do | Cause | Note |
|---|---|---|---|---|---|
| 401 | `unauthorized` | `no token` | Send `Authorization`, which is required | No token was sent | Often |
"""


@pytest.fixture
def ran(project: Project) -> Project:
    """A project after a run."""
    project.page(PAGE, "api.md")
    project.run("--allow-unproven")
    return project


ROWS_OF_SEVERAL = """# API

```{ .sh #write }
curl --silent "https://cluster-id.influxdb.io/api/v2/write?bucket=DATABASE_NAME&precision=ns&org=" \\
  --header "Authorization: Bearer DATABASE_TOKEN" --data-binary 'home temp=21.5'
```

```{ .sh #refused data-expect="401" }
curl --silent "https://cluster-id.influxdb.io/api/v2/write?bucket=DATABASE_NAME" --data-binary 'home temp=21.5'
```

<!-- docwitness: parameters of="POST /api/v2/write" base=write -->

| Feld | Required |
|---|---|
| `bucket` | Required |
| `precision` (or not), `org` | Optional |

<!-- docwitness: errors of="POST /api/v2/write" -->

- `401` `unauthorized` `no token`: sent none
- `403` `forbidden`: sent another
"""
MKDOCS = """site_name: Test
theme: mkdocs
validation: {anchors: warn}
markdown_extensions: [attr_list, pymdownx.superfences, {docwitness.integrations.markdown: {project: PROJECT}}]
"""


def _page(project: Project, name: str) -> str:
    return (project.folder / "docs" / name).read_text(encoding="utf-8")


def _said(project: Project, name: str) -> str:
    """What a page without anything to show says."""
    return _page(project, name).splitlines()[-1]


def test_coverage_links_rows_and_samples(ran: Project) -> None:
    assert ran.docwitness("pages").status == 0
    page = _page(ran, "coverage.md")
    assert "| [`bucket`](api.md#parameter-bucket) | [2](api.md#write) |" in page
    assert "| [`401 no token`](api.md#error-401-no-token) | [1](api.md#refused) |" in page


def test_the_error_index_has_an_anchor_a_cause_a_fix_and_samples(ran: Project) -> None:
    ran.docwitness("pages")
    assert """### `no token` { #error-401-no-token }

- **Code**: `unauthorized`
- **Cause**: No token was sent
- **Fix**: Send `Authorization`, which is required
- **Note**: Often
- **Samples**: [Shell](api.md#refused)
- **More**: [its row in the table](api.md#error-401-no-token)
""" in _page(ran, "errors.md")


def test_the_configuration_says_which_column_is_the_fix(project: Project) -> None:
    configuration = project.folder / "docwitness.toml"
    configuration.write_text(configuration.read_text() + '[columns]\nfix = ["Remedy"]\nprose = ["Note"]\n', encoding="utf-8")
    project.page(PAGE.replace("What to do", "Remedy"), "api.md")
    project.run("--allow-unproven")
    project.docwitness("pages")
    assert "- **Fix**: Send `Authorization`, which is required" in _page(project, "errors.md")


def test_links_lead_to_rows_also_where_headings_are_configured_and_rows_name_several(project: Project) -> None:
    with (project.folder / "docwitness.toml").open("a", encoding="utf-8") as configuration:
        configuration.write('[columns]\nname = ["Feld"]\n')
    (project.folder / "mkdocs.yml").write_text(MKDOCS.replace("PROJECT", str(project.folder)), encoding="utf-8")
    project.page(ROWS_OF_SEVERAL, "api.md")
    project.run("--allow-unproven")
    assert project.docwitness("pages").status == 0
    build(load_config(str(project.folder / "mkdocs.yml"), strict=True))
    site = {name: (project.folder / "site" / name / "index.html").read_text() for name in ("api", "coverage", "errors")}
    links = set(re.findall(r'href="../api/#([^"]+)"', site["coverage"] + site["errors"]))
    rows = {"parameter-bucket", "parameter-precision", "parameter-org", "error-401-no-token", "error-403-forbidden"}
    assert links == rows | {"write", "refused"}
    assert {name: site["api"].count(f'id="{name}"') for name in links} == dict.fromkeys(links, 1)


def test_every_sample_with_exchanges_has_its_file(ran: Project) -> None:
    ran.docwitness("pages")
    assert len(list((ran.folder / "docs" / "evidence").glob("*.json"))) >= 2


def test_a_changed_page_has_no_coverage_until_it_ran(ran: Project) -> None:
    ran.docwitness("pages")
    ran.page(PAGE.replace("21.5", "22.5"), "api.md")
    done = ran.docwitness("pages")
    assert done.status == 0
    assert "is not about all samples as they are" in done.err
    for name in ("coverage.md", "errors.md"):
        assert _said(ran, name) == "The last run was not about all pages as they are now, so there is nothing to show."


def test_without_a_marked_table_the_pages_say_so(project: Project) -> None:
    project.page(PAGE.partition("<!-- docwitness: parameters")[0], "api.md")
    project.run()
    assert project.docwitness("pages").status == 0
    told = "No page has a table of parameters or errors that is marked, so there is nothing to show."
    assert _said(project, "coverage.md") == told


def test_a_row_of_the_configuration_that_no_table_has_is_told_to_its_writer_alone(ran: Project) -> None:
    with (ran.folder / "docwitness.toml").open("a", encoding="utf-8") as configuration:
        configuration.write('[coverage.cannot.shell]\nbukcet = "it is misspelt"\n')
    done = ran.docwitness("pages")
    assert "no table has the row 'bukcet'" in done.err
    assert _said(ran, "coverage.md") == "The configuration and the pages do not fit together, so there is nothing to show."


def test_without_a_report_what_was_there_goes(ran: Project) -> None:
    ran.docwitness("pages")
    (ran.folder / ".docwitness" / "report.json").unlink()
    done = ran.docwitness("pages")
    assert done.status == 0
    assert "a site without marks" in done.err
    assert not list((ran.folder / "docs" / "evidence").glob("*.json"))
    for name in ("coverage.md", "errors.md"):
        assert _said(ran, name) == "There is no report of a run that can be read, so there is nothing to show."


@pytest.mark.parametrize(
    ("role", "label", "anchor"),
    [
        (Role.PARAMETERS, "Content-Type", "parameter-content-type"),
        (Role.VALUES, "ms", "value-ms"),
        (Role.ERRORS, "413 max request size (… bytes) exceeded", "error-413-max-request-size-bytes-exceeded"),
        (Role.OPTIONS, "bucket_tag", "option-bucket_tag"),
    ],
)
def test_anchors_can_be_typed(role: Role, label: str, anchor: str) -> None:
    assert of_row(role, label) == anchor


def test_what_is_on_no_page_of_the_site_is_not_linked() -> None:
    links = Links(Path("/project"), Path("/project/docs"))
    assert links.to("x", Location("docs/a/b.md", 3), "c") == "[x](a/b.md#c)"
    assert links.to("x", Location("README.md", 3), "c") == "x"
