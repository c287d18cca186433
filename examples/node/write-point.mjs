// Builds a point and writes it.
import { InfluxDB, Point } from "@influxdata/influxdb-client";

const client = new InfluxDB({
  url: "https://cluster-id.a.influxdb.io",
  token: "DATABASE_TOKEN",
});
const writer = client.getWriteApi("", "DATABASE_NAME", "ns");

const point = new Point("home")
  .tag("room", "Kitchen")
  .floatField("temp", 21.5)
  .intField("hum", 35)
  .booleanField("door_open", false)
  .stringField("note", "back door")
  .timestamp(new Date("2024-12-30T08:00:00Z"));
writer.writePoint(point);
await writer.close();
