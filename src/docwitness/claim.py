"""Claims: what a row of a marked table states, one for each thing in it that can be false."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from docwitness.directives import Role
from docwitness.page import Location
from docwitness.verdict import Kind


class Place(StrEnum):
    """Where a request holds a parameter; the values are the words of a table."""

    QUERY = "query string"
    HEADER = "header"

    @property
    def other(self) -> Place:
        """The place that it is not."""
        return Place.HEADER if self is Place.QUERY else Place.QUERY


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The row and the cell that a claim was read from."""

    role: Role
    """That of the table."""
    table: Location
    """Its heading row, or the first item of a list."""
    location: Location
    """The row; that of the table for a claim about all rows."""
    of: str
    """What the table is about: an operation (`POST /api/v2/write`), a parameter, or a tool."""
    base: str | None
    """The id of the sample that is varied."""
    row: str
    """The row as a reader sees it."""
    hash: str
    """SHA-256 of `row`."""

    @property
    def kind(self) -> Kind:
        """What a claim is about that nothing says more of."""
        match self.role:
            case Role.OPTIONS:
                return Kind.OPTION
            case Role.VALUES:
                return Kind.VALUE
            case Role.ERRORS:
                return Kind.ERROR
            case _:
                return Kind.PARAMETER


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    id: str
    origin: Origin
    cell: str
    """The words that state it."""

    @property
    def kind(self) -> Kind:
        """What it is about."""
        return self.origin.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(_Claim):
    """A claim about one parameter or option, or about something like it that samples send."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed(Named):
    """The parameter may stand there."""

    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Required(Named):
    """Without it the request is refused; or, if not `required`, it is not."""

    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Honored(Named):
    """Some value of it changes what comes of the request; or, if not `honored`, nothing about it does."""

    honored: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Default(Named):
    """Leaving it out is the same as giving this value."""

    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDefault(Named):
    """Leaving it out is not the same as giving this value. Only said where no other value is the default."""

    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfValues(Named):
    @property
    def kind(self) -> Kind:
        """Values are a kind of their own, wherever they are listed."""
        return Kind.OPTION if self.origin.role is Role.OPTIONS else Kind.VALUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Value(_OfValues):
    """It takes this value, which does what its row says."""

    value: str
    unit_ns: int | None = None
    """Nanoseconds of the unit that the row says it stands for."""
    same_as: str | None = None
    """The value that it is another word for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instant(Named):
    """With this unit, this number is that moment."""

    value: str
    number: int
    time_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyValues(_OfValues):
    """It takes the listed values and no others."""

    values: tuple[str, ...]
    closed: bool = True
    """False where the cell gives examples: others are taken as well."""
    synonyms_of: str | None = None
    """The list is that of one row of a `values` table: all words that do the same as this value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyParameters(_Claim):
    """Samples use no others than those of the table, and the server knows no others."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoOthers(Named):
    """A sample sends nothing on purpose that no row documents. It stands at the sample, and its name is what that does send."""


def error_label(status: int, code: str | None, message: str | None) -> str:
    """`400 missing bucket value`: status and message, or code where no message is documented."""
    return " ".join(part for part in (str(status), message or code) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReturned(_Claim):
    """The operation can be answered with this error."""

    status: int
    code: str | None
    message: str | None
    """None where the row says nothing of it."""

    @property
    def label(self) -> str:
        """What coverage and links know it by."""
        return error_label(self.status, self.code, self.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyErrors(_Claim):
    """The operation is answered with no other errors than those of the table."""

    errors: tuple[ErrorReturned, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable(_Claim):
    """A cell that states something, as it holds code or a word with a role, but nothing that can be judged."""

    problem: str
    hint: str = ""
    """What to do, where that can be told."""


Claim = (
    Allowed | Required | Honored | Default | NotDefault | Value | Instant | OnlyValues
    | OnlyParameters | NoOthers | ErrorReturned | OnlyErrors | Unreadable
)  # fmt: skip
