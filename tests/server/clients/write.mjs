// Writes as its argument says, with @influxdata/influxdb-client, and prints what its user gets to see: null, or the error.
import { HttpError, InfluxDB } from "@influxdata/influxdb-client";

const { url, token, bucket, precision, headers, record } = JSON.parse(
  process.argv[1],
);
const client = new InfluxDB({ url, token, headers });
const writer = client.getWriteApi("", bucket, precision, { maxRetries: 0 });
writer.writeRecord(record);
let seen = null;
try {
  await writer.close();
} catch (error) {
  if (!(error instanceof HttpError)) throw error;
  const { statusCode, code, message, json } = error;
  seen = { statusCode, code, message, line: json.line, text: `${error}` };
}
console.log(JSON.stringify(seen));
