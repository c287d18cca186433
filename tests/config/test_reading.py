"""The configuration is found, read, and wrong only with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from docwitness.config.reading import load
from docwitness.errors import ConfigurationError
from docwitness.settings import NodeSettings, PythonSettings, TelegrafSettings, UrlSettings

WHOLE = """
paths = ["docs", "README.md"]
target = "staging"

[placeholders]
"https://cluster-id.influxdb.io" = "{url}"
DATABASE_TOKEN = "{token}"

[runners]
python = {interpreter = ".venv/bin/python"}
node = {interpreter = "node22", packages = "examples/node"}
telegraf = {binary = "telegraf"}

[targets.staging]
url = "https://staging.example.com/"
token-env = "STAGING_TOKEN"
database-env = "STAGING_DATABASE"
admin-token-env = "STAGING_ADMIN"

[dialects]
"docs/plain" = "commonmark"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "docs" / "plain").mkdir(parents=True)
    (tmp_path / "README.md").write_text("")
    return tmp_path


def write(root: Path, text: str, name: str = "docwitness.toml") -> Path:
    file = root / name
    file.write_text(text, encoding="utf-8")
    return file


def message(root: Path, text: str) -> str:
    write(root, text)
    with pytest.raises(ConfigurationError) as raised:
        load(root)
    return str(raised.value)


def test_every_key_of_a_configuration_is_read(root: Path) -> None:
    file = write(root, WHOLE)
    configuration = load(root)
    assert (configuration.root, configuration.file, configuration.target) == (root, file, "staging")
    assert configuration.paths == (root / "docs", root / "README.md")
    assert configuration.placeholders.mapping == {"https://cluster-id.influxdb.io": "{url}", "DATABASE_TOKEN": "{token}"}
    assert configuration.places == {"https://cluster-id.influxdb.io": 6, "DATABASE_TOKEN": 7}
    assert configuration.runners.python == PythonSettings(interpreter=str(root / ".venv/bin/python"))
    assert configuration.runners.node == NodeSettings(interpreter="node22", packages=root / "examples/node")
    assert configuration.runners.telegraf == TelegrafSettings(binary="telegraf")
    staging = UrlSettings(
        url="https://staging.example.com",
        token_env="STAGING_TOKEN",
        database_env="STAGING_DATABASE",
        admin_token_env="STAGING_ADMIN",
    )
    assert configuration.targets == {"staging": staging}
    assert configuration.dialects == {(root / "docs/plain").resolve(): "commonmark"}


def test_the_same_keys_stand_in_a_table_of_pyproject(root: Path) -> None:
    write(
        root,
        '[project]\nname = "x"\n\n[tool.docwitness]\npaths = ["docs"]\n[tool.docwitness.placeholders]\nTOKEN = "{token}"\n',
        "pyproject.toml",
    )
    configuration = load(root)
    assert (configuration.paths, configuration.places) == ((root / "docs",), {"TOKEN": 7})


def test_the_nearest_folder_above_decides(root: Path) -> None:
    file = write(root, 'paths = ["docs"]\n')
    write(root / "docs", "[tool.other]\n", "pyproject.toml")
    assert load(root / "docs" / "plain").file == file


def test_a_named_file_is_read_wherever_it_is(root: Path) -> None:
    file = write(root / "docs", 'paths = ["plain"]\n', "other.toml")
    configuration = load(root, file)
    assert (configuration.root, configuration.paths) == (root / "docs", (root / "docs/plain",))


def test_without_a_file_what_is_there_of_the_usual_paths_is_read(root: Path) -> None:
    configuration = load(root)
    assert (configuration.file, configuration.root, configuration.target) == (None, root, "embedded")
    assert configuration.paths == (root / "docs", root / "README.md")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('paths = ["docs"]\ntargt = "x"\n', "docwitness.toml:2: unknown key 'targt' (did you mean 'target'?)"),
        ("zebra = 1\n", "docwitness.toml:1: unknown key 'zebra'; known: paths,"),
        ('paths = "docs"\n', "docwitness.toml:1: paths must be a non-empty list of files and folders, not 'docs'"),
        ("paths = []\n", "docwitness.toml:1: paths must be a non-empty list of files and folders, not an empty list"),
        ('\npaths = ["docs", 1]\n', "docwitness.toml:2: paths[1] must be a non-empty string, not a number"),
        ('paths = ["docs", ""]\n', "docwitness.toml:1: paths[1] must be a non-empty string, not ''"),
        ('[columns]\nname = "Feld"\n', "docwitness.toml:2: columns.name must be a non-empty list of headings, not 'Feld'"),
        ('[columns]\nname = ["Feld", true]\n', "docwitness.toml:2: columns.name[1] must be a non-empty string, not a boolean"),
        ('\npaths = ["dosc"]\n', "docwitness.toml:2: there is no 'dosc'"),
        ("target = 1\n", "docwitness.toml:1: target must be a non-empty string, not a number"),
        (
            'target = "stging"\n[targets.staging]\nurl = "http://x"\n',
            "docwitness.toml:1: no target named 'stging' (did you mean 'staging'?)",
        ),
        ("placeholders = 1\n", "docwitness.toml:1: placeholders must be a table"),
        ("[placeholders]\nA = 1\n", "docwitness.toml:2: placeholder 'A' must be filled by a string"),
        ('[placeholders]\nA = "x"\n" B" = "x"\n', "docwitness.toml:3: a placeholder is a text on one line"),
        ('[placeholders]\nA = "{tokn}"\n', "docwitness.toml:2: unknown value '{tokn}' (did you mean '{token}'?)"),
        ('[runners]\npyhton = {interpreter = "x"}\n', "docwitness.toml:2: no runner named 'pyhton' (did you mean 'python'?)"),
        ('[runners.python]\n\ninterpretr = "x"\n', "docwitness.toml:3: unknown key 'interpretr' (did you mean 'interpreter'?)"),
        ("[runners]\nshell = {x = 1}\n", "docwitness.toml:2: unknown key 'x'; there is nothing to set"),
        ("[runners]\nnode = {packages = 1}\n", "docwitness.toml:2: runners.node.packages must be a non-empty string"),
        ("[targets.staging]\n", "docwitness.toml:1: target 'staging' needs a url"),
        ('[targets.staging]\nurl = "example.com"\n', "docwitness.toml:2: url must begin with http"),
        ('[targets.staging]\nurl = "http://x"\ntoken = "secret"\n', "docwitness.toml:3: unknown key 'token'"),
        (
            '[targets.staging]\nurl = "http://x"\ntoken-env = "a b"\n',
            "docwitness.toml:3: token-env is the name of an environment variable",
        ),
        ('[targets.embedded]\nurl = "http://x"\n', "docwitness.toml:1: 'embedded' is the built-in server"),
        ('[dialects]\n"docs" = "comonmark"\n', "docwitness.toml:2: no dialect named 'comonmark' (did you mean 'commonmark'?)"),
        ('[dialects]\n"docs/plian" = "commonmark"\n', "docwitness.toml:2: there is no 'docs/plian' beside docwitness.toml"),
        (
            '[columns]\nname = ["Feld"]\nvalue = ["feld*"]\n',
            "docwitness.toml:3: columns.name has the heading 'feld*' already",
        ),
        (
            '\n[tool.docwitness]\npaths = ["docs"]\n',
            "docwitness.toml:2: in this file the keys of [tool.docwitness] stand at the top",
        ),
        ('paths = ["docs"\n', "docwitness.toml:2: "),
    ],
)
def test_a_fault_is_named_with_its_place(root: Path, text: str, wanted: str) -> None:
    assert message(root, text).startswith(wanted)


def test_a_secret_given_as_the_name_of_a_variable_is_not_repeated(root: Path) -> None:
    assert "s3cr3t" not in message(root, '[targets.a]\nurl = "http://x"\ntoken-env = "s3cr3t/=="\n')


def test_a_file_that_cannot_be_read_is_an_error_of_the_configuration(root: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(root, root / "no.toml")
    (root / "docwitness.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(root)
