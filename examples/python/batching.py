"""Writes 1200 points in batches of 500."""

from influxdb_client import InfluxDBClient, Point, WriteOptions, WritePrecision

START = 1735545600  # 2024-12-30T08:00:00Z
sizes = []


def sent(_batch: tuple[str, str, str], data: bytes) -> None:
    sizes.append(len(data.splitlines()))


def failed(_batch: tuple[str, str, str], _data: bytes, error: Exception) -> None:
    print("lost:", error)


with (
    InfluxDBClient(
        url="https://cluster-id.a.influxdb.io",
        token="DATABASE_TOKEN",
        org="",
    ) as client,
    client.write_api(
        write_options=WriteOptions(batch_size=500),
        success_callback=sent,
        error_callback=failed,
    ) as writer,
):
    for second in range(1200):
        point = Point("home").field("temp", 20 + second / 1000)
        point.time(START + second, WritePrecision.S)
        writer.write(bucket="DATABASE_NAME", record=point)

print("written:", sum(sizes))
