"""Builds a point and writes it at once."""

from datetime import UTC, datetime

from influxdb_client import InfluxDBClient, Point
from influxdb_client.client.write_api import SYNCHRONOUS

point = (
    Point("home")
    .tag("room", "Kitchen")
    .field("temp", 21.5)
    .field("hum", 35)
    .field("door_open", False)
    .field("note", "back door")
    .time(datetime(2024, 12, 30, 8, 0, tzinfo=UTC))
)

with InfluxDBClient(
    url="https://cluster-id.a.influxdb.io",
    token="DATABASE_TOKEN",
    org="",
) as client:
    writer = client.write_api(write_options=SYNCHRONOUS)
    writer.write(bucket="DATABASE_NAME", record=point)
