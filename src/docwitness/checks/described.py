"""Compares tables with the description that the target gives of itself, in both directions. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from docwitness.checks.answer import ROUTING
from docwitness.claim import Allowed, Default, OnlyErrors, Place, Required, Value
from docwitness.elision import fits
from docwitness.observation import Operation, Parameter

_WHERE = "the OpenAPI description of the target"


def is_described(name: str, operation: Operation | None) -> bool:
    """Whether the target knows a parameter of that name."""
    return _parameter(operation, name) is not None


def place_drift(claim: Allowed, operation: Operation | None) -> str:
    """Where a parameter stands, if that is elsewhere."""
    known = _parameter(operation, claim.name)
    if known is None or known.place == ("header" if claim.place is Place.HEADER else "query"):
        return ""
    return f"{_WHERE} has it in the {known.place}"


def requirement_drift(claim: Required, operation: Operation | None) -> str:
    """Whether a parameter is required, if that is said otherwise."""
    known = _parameter(operation, claim.name)
    if known is None or known.required is claim.required:
        return ""
    return f"{_WHERE} says that it is {'required' if known.required else 'optional'}"


def default_drift(claim: Default, operation: Operation | None) -> str:
    """The default of a parameter, if it is another one."""
    known = _parameter(operation, claim.name)
    if known is None or known.default in (None, claim.value):
        return ""
    return f"{_WHERE} says that its default is {known.default!r}"


def is_described_default(claim: Default, operation: Operation | None) -> bool:
    """Whether the description says the same of the default."""
    known = _parameter(operation, claim.name)
    return known is not None and known.default == claim.value


def value_drift(claim: Value, operation: Operation | None) -> str:
    """A value that the description does not list, though it lists others."""
    known = _parameter(operation, claim.name)
    if known is None or not known.values or claim.value in known.values:
        return ""
    return f"{_WHERE} does not list {claim.value!r}"


def missing_parameters(named: Iterable[str], operation: Operation | None) -> tuple[str, ...]:
    """Parameters that are described and have no row."""
    known = () if operation is None else operation.parameters
    documented = {name.lower() for name in named}
    return tuple(name for name in known if name.lower() not in documented)


def unknown_errors(claim: OnlyErrors, operation: Operation | None) -> tuple[str, ...]:
    """Errors of the table that are not described."""
    if operation is None or not operation.errors:
        return ()
    statuses = {status for status, _ in operation.errors} | ROUTING
    unknown = []
    for error in claim.errors:
        codes = [code for status, code in operation.errors if status == error.status and code is not None]
        strange_code = error.code is not None and bool(codes) and not any(fits(error.code, code) for code in codes)
        if error.status not in statuses or (strange_code and error.status not in ROUTING):
            unknown.append(f"{error.status} {error.code or ''}".strip())
    return tuple(dict.fromkeys(unknown))


def undocumented_errors(claim: OnlyErrors, operation: Operation | None) -> tuple[str, ...]:
    """Errors that are described and whose status no row has."""
    if operation is None:
        return ()
    documented = {error.status for error in claim.errors}
    return tuple(
        f"{status} {code or ''}".strip()
        for status, code in sorted(operation.errors, key=lambda error: (error[0], error[1] or ""))
        if status not in documented
    )


def _parameter(operation: Operation | None, name: str) -> Parameter | None:
    return None if operation is None else operation.parameters.get(name)
