"""What stands for the values of a scope in samples, and how these values are kept out of everything that is shown."""

from __future__ import annotations

from docwitness.placeholders import TEMPLATE_NAMES
from docwitness.reach import Reach
from docwitness.redaction import Redactor
from docwitness.targets.base import Scope
from docwitness.targets.gateway import Gateway
from docwitness.targets.recorder import Recorder

SHOWN_TOKEN = "[token]"  # noqa: S105
SHOWN_READ_TOKEN = "[read token]"  # noqa: S105


def values_of(scope: Scope, recorder: Recorder, reach: Reach, gateway: Gateway | None = None) -> dict[str, str]:
    """What fills the placeholders of samples that run in the scope: behind the recorder, or behind a gateway before that.

    Without a gateway, all that is its own is an empty text: samples that name it have one.
    """
    values = {
        "url": recorder.url_from(reach),
        "host": recorder.host_from(reach),
        "proxy": recorder.url_from(reach),
        "token": scope.token,
        "read_token": scope.read_token,
        "database": scope.database,
    }
    if gateway is None:
        return dict.fromkeys(TEMPLATE_NAMES, "") | values
    return values | {
        "tls_url": gateway.url,
        "mtls_url": gateway.mtls_url,
        "tls_ca": str(gateway.authority),
        "tls_cert": str(gateway.certificate),
        "tls_key": str(gateway.key),
    }


def redactor_of(scope: Scope) -> Redactor:
    """Takes the secrets of the scope out."""
    hidden = dict.fromkeys(scope.secrets, "[secret]")
    return Redactor(hidden | {scope.read_token: SHOWN_READ_TOKEN, scope.token: SHOWN_TOKEN})
