"""Endpoints that tell how the server is: no token, no body."""

from __future__ import annotations

from docwitness import __version__
from docwitness.server import metrics
from docwitness.server.asgi import Response
from docwitness.server.endpoint import Call

BUILD = b"Cloud"
"""`X-Influxdb-Build`, for clients that look at it."""


async def health(_call: Call) -> Response:
    """`GET /health`: whether the server is up."""
    return Response(status=200, body=b"OK")


async def ping(_call: Call) -> Response:
    """`GET /ping` and `HEAD /ping`."""
    version = f"docwitness-{__version__}".encode()
    return Response(status=204, headers=((b"x-influxdb-build", BUILD), (b"x-influxdb-version", version)))


async def show_metrics(call: Call) -> Response:
    """`GET /metrics`."""
    context = call.context
    gauges = {
        "docwitness_http_requests_in_flight": context.admission.requests,
        "docwitness_http_body_bytes_in_flight": context.admission.held,
        "docwitness_worker_jobs": context.workers.busy,
    }
    text = context.metrics.text(gauges).encode()
    return Response(status=200, headers=((b"content-type", metrics.CONTENT_TYPE),), body=text)
