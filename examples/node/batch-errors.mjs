// Shows where the error of a full batch goes.
import { InfluxDB } from "@influxdata/influxdb-client";

const client = new InfluxDB({
  url: "https://cluster-id.a.influxdb.io",
  token: "DATABASE_TOKEN",
});
const writer = client.getWriteApi("", "DATABASE_NAME", "s", {
  batchSize: 1,
  writeFailed(error, lines) {
    console.log("lost:", lines.join("\n"));
    console.log("because:", error.statusCode);
  },
});
writer.writeRecord("home,room=Hall temp=");
await writer.close();
