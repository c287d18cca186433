"""Every error that the write API documents, one place for status, code and message."""

from __future__ import annotations


class ApiError(Exception):
    """An error that is answered to the client as compact JSON: `code`, `message`, and `line` for errors of a line.

    Status and code words follow influxdata/influxdb `ioxd_common/src/http/error.rs`.
    """

    def __init__(self, status: int, code: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.line = line
        """1-based number of the first bad line; blank and comment lines are not counted."""
