"""Counters."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from docwitness.server.metrics import Metrics

SAMPLE = re.compile(r'^[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? \S+$')


def test_every_line_is_a_comment_or_a_sample() -> None:
    metrics = Metrics()
    metrics.count(method="GET", route="/ping", status=204, duration_s=0.002, body_bytes=0)
    lines = metrics.text({"docwitness_jobs": 1}).splitlines()
    assert all(line.startswith("# ") or SAMPLE.match(line) for line in lines)
    assert "docwitness_jobs 1" in lines


def test_buckets_add_up() -> None:
    metrics = Metrics()
    for seconds in (0.0005, 0.001, 0.3, 100.0):
        metrics.count(method="GET", route="/ping", status=204, duration_s=seconds, body_bytes=0)
    counts = dict(re.findall(r'_bucket\{le="(.*?)"\} (\d+)', metrics.text({})))
    assert (counts["0.001"], counts["0.25"], counts["0.5"], counts["10.0"], counts["+Inf"]) == ("2", "2", "3", "3", "4")


def test_requests_points_and_bytes_are_counted(server: Any) -> None:
    server.write("m f=1 1\nm f=2 2")
    server.write("bad")
    server.ask("GET", "/secret/path")
    text = server.ask("GET", "/metrics").body.decode()
    assert 'docwitness_http_requests_total{method="POST",route="/api/v2/write",status="204"} 1' in text
    assert 'docwitness_http_requests_total{method="POST",route="/api/v2/write",status="400"} 1' in text
    assert "docwitness_points_total 2" in text
    assert "docwitness_http_body_bytes_total 18" in text


def test_points_of_writes_at_the_same_time_are_all_counted(server: Any) -> None:
    body = "\n".join(f"m f={number} {number}" for number in range(400))
    with ThreadPoolExecutor(8) as clients:
        assert set(clients.map(lambda _: server.write(body).status, range(40))) == {204}
    assert "docwitness_points_total 16000\n" in server.ask("GET", "/metrics").body.decode()


def test_labels_do_not_grow_with_what_clients_send(server: Any) -> None:
    for number in range(20):
        server.ask(f"M{number}", f"/path/{number}")
        server.ask("DELETE", f"/admin/databases/d{number}")
    text = server.ask("GET", "/metrics").body.decode()
    assert 'docwitness_http_requests_total{method="other",route="other",status="404"} 20' in text
    assert 'route="/admin/databases/{name}",status="404"} 20' in text
