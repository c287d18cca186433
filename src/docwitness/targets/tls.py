"""How targets are trusted."""

from __future__ import annotations

import functools
import ssl


@functools.cache
def tls_context() -> ssl.SSLContext:
    """By the certificates of this machine (`SSL_CERT_FILE`, `SSL_CERT_DIR`), for HTTP/1.1.

    Made once: reading certificates costs more than a whole sample may.
    """
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
