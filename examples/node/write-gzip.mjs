// Sends a file of line protocol gzipped.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const response = await fetch(
  "https://cluster-id.a.influxdb.io/api/v2/write?bucket=DATABASE_NAME&precision=s",
  {
    method: "POST",
    headers: {
      Authorization: "Bearer DATABASE_TOKEN",
      "Content-Encoding": "gzip",
    },
    body: gzipSync(await readFile("home.lp")),
  },
);
console.log(response.status);
