// Writes 1200 points in batches of 500.
import { InfluxDB, Point } from "@influxdata/influxdb-client";

const start = 1735545600; // 2024-12-30T08:00:00Z
let written = 0;
const client = new InfluxDB({
  url: "https://cluster-id.a.influxdb.io",
  token: "DATABASE_TOKEN",
});
const writer = client.getWriteApi("", "DATABASE_NAME", "s", {
  batchSize: 500,
  writeSuccess(lines) {
    written += lines.length;
  },
  writeFailed(error) {
    console.error("failed:", error.message);
  },
});

for (let second = 0; second < 1200; second++) {
  writer.writePoint(
    new Point("home")
      .floatField("temp", 20 + second / 1000)
      .timestamp(start + second),
  );
}
await writer.close(); // sends the last batch; others may still be on their way
process.once("beforeExit", () => console.log("written:", written));
