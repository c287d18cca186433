// Sends good and bad lines to a database that has partial writes.
const lines = [
  "home,room=Kitchen temp=21.5 1735545600",
  "home,room=Hall temp= 1735545600",
  "home,room=Attic temp=17.0 1735545600",
  "home,room= temp=12.5 1735545600",
];
const response = await fetch(
  "https://cluster-id.a.influxdb.io/api/v2/write?bucket=DATABASE_NAME&precision=s",
  {
    method: "POST",
    headers: { Authorization: "Bearer DATABASE_TOKEN" },
    body: lines.join("\n"),
  },
);
if (!response.ok) {
  const { message } = await response.json();
  console.log(message);
}
