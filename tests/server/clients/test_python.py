"""What people see who write with influxdb-client for Python."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS
from influxdb_client.domain.write_precision import WritePrecision
from influxdb_client.rest import ApiException

CANNOT: dict[str, str] = {}
LINE = "home,room=kitchen temp=21.5 1700000000000000000"


@pytest.mark.parametrize("packed", [False, True])
def test_what_the_library_writes_is_stored(server: Any, *, packed: bool) -> None:
    with InfluxDBClient(url=server.url, token=server.token, org="", enable_gzip=packed) as client:
        with client.write_api(write_options=SYNCHRONOUS) as writer:
            writer.write(bucket="sensors", record=LINE, write_precision=WritePrecision.NS)
        assert client.ping()
        assert client.version().startswith("docwitness-")
    assert [row["time_ns"] for row in server.rows()] == [1700000000000000000]


def test_the_library_tells_each_error(meet: Callable[[Any], Any], fault: Any) -> None:
    server = meet(fault)
    bucket = server.database if fault.bucket is None else fault.bucket
    token = server.token if fault.token is None else fault.token
    with InfluxDBClient(url=server.url + fault.path, token=token, org="") as client:
        client.api_client.default_headers.update(fault.headers)
        with client.write_api(write_options=SYNCHRONOUS) as writer, pytest.raises(ApiException) as caught:
            writer.write(bucket=bucket, record=fault.body, write_precision=fault.precision)
    error = caught.value
    assert (error.status, json.loads(error.body).get("line")) == (fault.error.status, fault.line)
    assert re.fullmatch(fault.pattern, error.message)
    assert str(error).startswith(f"({fault.error.status})\nReason: ")
    assert f'HTTP response body: {{"code":"{fault.error.code}","message":"' in str(error)
