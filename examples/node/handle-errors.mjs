// Reads the JSON of an error.
const response = await fetch(
  "https://cluster-id.a.influxdb.io/api/v2/write?bucket=DATABASE_NAME&precision=s",
  {
    method: "POST",
    headers: { Authorization: "Bearer DATABASE_TOKEN" },
    body: "home,room=Kitchen temp=21.5 1735545600\nhome,room=Hall temp= 1735545600",
  },
);
if (response.ok) {
  console.log("stored");
} else {
  const { code, line } = await response.json();
  console.log(`refused (${code}), first bad line: ${line}`);
}
