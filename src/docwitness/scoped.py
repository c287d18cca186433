"""What stands for the values of a scope in samples, and how these values are kept out of everything that is shown."""

from __future__ import annotations

from docwitness.redaction import Redactor
from docwitness.targets.base import Scope
from docwitness.targets.recorder import Recorder

SHOWN_TOKEN = "[token]"  # noqa: S105
SHOWN_READ_TOKEN = "[read token]"  # noqa: S105


def values_of(scope: Scope, recorder: Recorder) -> dict[str, str]:
    """What fills the placeholders of samples that run in the scope, behind the recorder."""
    return {
        "url": recorder.url,
        "host": recorder.host,
        "token": scope.token,
        "read_token": scope.read_token,
        "database": scope.database,
    }


def redactor_of(scope: Scope) -> Redactor:
    """Takes the secrets of the scope out."""
    hidden = dict.fromkeys(scope.secrets, "[secret]")
    return Redactor(hidden | {scope.read_token: SHOWN_READ_TOKEN, scope.token: SHOWN_TOKEN})
