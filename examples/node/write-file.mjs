// Sends a file of line protocol as it is.
import { readFile } from "node:fs/promises";

const response = await fetch(
  "https://cluster-id.a.influxdb.io/api/v2/write?bucket=DATABASE_NAME&precision=s",
  {
    method: "POST",
    headers: { Authorization: "Bearer DATABASE_TOKEN" },
    body: await readFile("home.lp"),
  },
);
console.log(response.status);
