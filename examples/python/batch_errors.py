"""Shows where the error of a batch goes."""

from influxdb_client import InfluxDBClient
from influxdb_client.rest import ApiException


def lost(_batch: tuple[str, str, str], data: bytes, error: ApiException) -> None:
    print("lost:", data.decode())
    print("because:", error.status)


with (
    InfluxDBClient(
        url="https://cluster-id.a.influxdb.io",
        token="DATABASE_TOKEN",
        org="",
    ) as client,
    client.write_api(error_callback=lost) as writer,
):
    writer.write(bucket="DATABASE_NAME", record="home,room=Hall temp=")
