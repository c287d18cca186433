"""Counts what the server does, and shows it in Prometheus' text format (prometheus.io, Exposition formats)."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping

CONTENT_TYPE = b"text/plain; version=0.0.4; charset=utf-8"
_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Counters of one server since its start."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._durations = [0] * (len(_BUCKETS_S) + 1)
        self._duration_sum_s = 0.0
        self._body_bytes = 0
        self.points = 0
        """Points stored."""

    def count(self, *, method: str, route: str, status: int, duration_s: float, body_bytes: int) -> None:
        """Counts an answered request. `route` and `method` are words of ours, never of a client: labels must not grow."""
        self._requests[method, route, status] += 1
        self._durations[bisect_left(_BUCKETS_S, duration_s)] += 1
        self._duration_sum_s += duration_s
        self._body_bytes += body_bytes

    def text(self, gauges: Mapping[str, int]) -> str:
        """All of it, with the gauges of this moment (name → value)."""
        return "\n".join([*self._lines(gauges), ""])

    def _lines(self, gauges: Mapping[str, int]) -> Iterator[str]:
        name = "docwitness_http_requests_total"
        yield from _heading(name, "counter", "Requests answered.")
        for (method, route, status), number in sorted(self._requests.items()):
            yield f'{name}{{method="{method}",route="{route}",status="{status}"}} {number}'
        yield from self._histogram()
        for name, number, help_text in (
            ("docwitness_http_body_bytes_total", self._body_bytes, "Bytes of request bodies read, as sent."),
            ("docwitness_points_total", self.points, "Points stored."),
        ):
            yield from _heading(name, "counter", help_text)
            yield f"{name} {number}"
        for name, number in gauges.items():
            yield from _heading(name, "gauge", "At this moment.")
            yield f"{name} {number}"

    def _histogram(self) -> Iterator[str]:
        name = "docwitness_http_request_duration_seconds"
        yield from _heading(name, "histogram", "Time from a request's head to the end of its answer.")
        total = 0
        for bound, number in zip((*map(str, _BUCKETS_S), "+Inf"), self._durations, strict=True):
            total += number
            yield f'{name}_bucket{{le="{bound}"}} {total}'
        yield f"{name}_sum {self._duration_sum_s:.6f}"
        yield f"{name}_count {total}"


def _heading(name: str, kind: str, help_text: str) -> Iterator[str]:
    yield f"# HELP {name} {help_text}"
    yield f"# TYPE {name} {kind}"
