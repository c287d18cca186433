// Shows what a refused write rejects with.
import { HttpError, InfluxDB } from "@influxdata/influxdb-client";

const client = new InfluxDB({
  url: "https://cluster-id.a.influxdb.io",
  token: "DATABASE_TOKEN",
});
const writer = client.getWriteApi("", "DATABASE_NAME", "s");
writer.writeRecord("home,room=Hall temp=");
try {
  await writer.close();
} catch (error) {
  if (!(error instanceof HttpError)) throw error;
  console.log(`${error.statusCode} ${error.code}, line ${error.json.line}`);
  console.log(error.message);
}
