"""Shows what a refused write raises."""

from influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS
from influxdb_client.rest import ApiException

with InfluxDBClient(
    url="https://cluster-id.a.influxdb.io",
    token="DATABASE_TOKEN",
    org="",
) as client:
    writer = client.write_api(write_options=SYNCHRONOUS)
    try:
        writer.write(bucket="DATABASE_NAME", record="home,room=Hall temp=")
    except ApiException as error:
        print(error.status, error.message)
