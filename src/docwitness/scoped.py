"""A scope as samples see it: what fills their placeholders, where they run, and what is kept out of sight."""

from __future__ import annotations

import os
from pathlib import Path

from docwitness.placeholders import TEMPLATE_NAMES
from docwitness.reach import Reach
from docwitness.redaction import Redactor
from docwitness.runners.base import Workplace
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


def workplace_of(scope: Scope, folder: Path, recorder: Recorder, reach: Reach) -> Workplace:
    """Where samples of the scope run. The proxy variables lead other hosts to the recorder, which refuses them."""
    proxies = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ALL_PROXY")
    local = ",".join(dict.fromkeys(("127.0.0.1", "localhost", "::1", reach.host)))
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "no_proxy": local,
        "NO_PROXY": local,
    } | dict.fromkeys(proxies, recorder.url_from(reach))
    return Workplace(folder=folder, environment=environment | dict(scope.variables), reach=reach)


def redactor_of(scope: Scope) -> Redactor:
    """Takes the secrets of the scope out."""
    hidden = dict.fromkeys(scope.secrets, "[secret]")
    return Redactor(hidden | {scope.read_token: SHOWN_READ_TOKEN, scope.token: SHOWN_TOKEN})
