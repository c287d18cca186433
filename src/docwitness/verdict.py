"""Verdicts: what the evidence says about a claim."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from docwitness.page import Location
from docwitness.sample import Sample


class Outcome(StrEnum):
    """The four verdicts."""

    PROVEN = "proven"
    REFUTED = "refuted"
    UNPROVEN = "unproven"
    """Nothing exercised it."""
    ERROR = "error"
    """We could not tell."""


class Rule(StrEnum):
    """Why a claim is not proven: a stable word that reports carry. Each has a row in the docs."""

    SYNTAX = "syntax"
    EXIT_STATUS = "exit-status"
    COMPLAINT = "complaint"
    """The tool reported an error though its exit status was as expected."""
    UNEXPECTED_STATUS = "unexpected-status"
    UNEXPECTED_REQUEST = "unexpected-request"
    """`expect=none`, but a request came; or the number of exchanges differs from the list."""
    NO_REQUEST = "no-request"
    NO_RESPONSE = "no-response"
    FOREIGN_HOST = "foreign-host"
    RESPONSE_DIFFERS = "response-differs"
    OUTPUT_DIFFERS = "output-differs"
    STORED_DIFFERS = "stored-differs"
    IMPLAUSIBLE_TIME = "implausible-time"
    SAME_DIFFERS = "same-differs"
    """It stores other points than the other samples of its `same=NAME`."""
    TIMED_OUT = "timed-out"
    UNDEFINED_NAME = "undefined-name"
    PLACEHOLDER = "placeholder"
    UNEXPECTED_PASS = "unexpected-pass"  # noqa: S105
    """An `xfail` sample that passes."""
    EXPECTED_FAILURE = "expected-failure"
    SKIPPED = "skipped"
    MISSING_TOOL = "missing-tool"
    NOT_RUN = "not-run"
    """The run ended before it: interrupted, or stopped at the first refuted claim."""
    SETUP_FAILED = "setup-failed"
    """What has to run before it, a set-up or the earlier samples of its session, did not do what it should."""
    TARGET = "target"
    """The target could not be used for this sample."""
    WORKPLACE = "workplace"
    """The temporary folder of the sample could not be used: there is no room, or the sample before it took its rights away."""
    UNKNOWN_LANGUAGE = "unknown-language"
    UNKNOWN_DIRECTIVE = "unknown-directive"
    BAD_DIRECTIVE = "bad-directive"
    MISPLACED_DIRECTIVE = "misplaced-directive"
    UNKNOWN_ID = "unknown-id"
    DUPLICATE_ID = "duplicate-id"
    BROKEN_FENCE = "broken-fence"
    BROKEN_CONTINUATION = "broken-continuation"
    """Blanks, or an annotation mark, stand behind the backslash that continues a line."""
    DANGLING_SNIPPET = "dangling-snippet"
    BROKEN_DATA = "broken-data"
    """A JSON, TOML or YAML block that does not parse, or a response in which a key stands twice."""
    UNREADABLE_PAGE = "unreadable-page"
    BAD_TABLE = "bad-table"
    """A marked table whose columns or rows cannot be read."""
    DUPLICATE_ROW = "duplicate-row"
    UNREADABLE_CELL = "unreadable-cell"
    """A cell states something that nobody can judge."""
    NO_BASE = "no-base"
    """The sample that a table varies was not accepted as it is."""
    NOT_OBSERVABLE = "not-observable"
    """It shows only in what is stored, which this target does not tell; or only with another base."""
    PLACE_DIFFERS = "place-differs"
    REQUIRED_DIFFERS = "required-differs"
    HONORED_DIFFERS = "honored-differs"
    DEFAULT_DIFFERS = "default-differs"
    VALUE_REFUSED = "value-refused"
    VALUE_DIFFERS = "value-differs"
    """It is taken, but does not do what its row says."""
    NOT_SHOWN = "not-shown"
    """No sample does what only a sample can show; or nothing that was tried shows that the target reads the parameter at all."""
    UNDOCUMENTED_VALUE = "undocumented-value"
    UNDOCUMENTED_PARAMETER = "undocumented-parameter"
    UNDOCUMENTED_ERROR = "undocumented-error"
    NOT_REPRODUCED = "not-reproduced"
    """Neither a sample nor a variation was answered with this error."""
    DRIFT = "drift"
    """The OpenAPI description of the target says otherwise."""


class Kind(StrEnum):
    """What a claim is about."""

    SAMPLE = "sample"
    PAGE = "page"
    PARAMETER = "parameter"
    VALUE = "value"
    OPTION = "option"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One judged claim."""

    id: str
    kind: Kind
    location: Location
    outcome: Outcome
    language: str = ""
    hash: str = ""
    terms: str = ""
    """Of a sample, `docwitness.terms.terms_of` it."""
    source: Location | None = None
    sample: Sample | None = None
    """The sample that it is about, for reporters that show it."""
    cell: str = ""
    """The words of a table that state it."""
    row: str = ""
    """The row that they stand in."""
    rule: Rule | None = None
    reason: str = ""
    hint: str = ""
    at: int | None = None
    """A more exact line of the page, where one is known."""
    duration_s: float = 0.0
    evidence: tuple[str, ...] = ()
    """Keys of the report's evidence."""
    set_aside: bool = False
    """The page itself sets it aside with a reason (`skip`, or an `xfail` that fails as said): it fails no run."""

    @property
    def failing(self) -> bool:
        """Whether it fails a run that allows nothing unproven."""
        return self.outcome is not Outcome.PROVEN and not self.set_aside
