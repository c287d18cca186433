"""Writes 1200 points in batches of 500."""

from influxdb_client import InfluxDBClient, Point, WriteOptions, WritePrecision

START = 1735545600  # 2024-12-30T08:00:00Z


def sent(batch: tuple[str, str, str], data: bytes) -> None:
    print("sent:", len(data.splitlines()), "lines")


with InfluxDBClient(
    url="https://cluster-id.a.influxdb.io",
    token="DATABASE_TOKEN",
    org="",
) as client:
    options = WriteOptions(batch_size=500, flush_interval=10_000)
    with client.write_api(write_options=options, success_callback=sent) as writer:
        for second in range(1200):
            point = Point("home").tag("room", "Kitchen").field("temp", 20 + second / 1000)
            point.time(START + second, WritePrecision.S)
            writer.write(bucket="DATABASE_NAME", record=point)
