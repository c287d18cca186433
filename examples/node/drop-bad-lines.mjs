// Leaves out the line that the server blames, until what is left is accepted.
const url = "https://cluster-id.a.influxdb.io/api/v2/write?bucket=DATABASE_NAME";
const headers = { Authorization: "Bearer DATABASE_TOKEN" };

// Writes the lines; the number of the first bad one if they are refused.
async function badLine(lines) {
  const response = await fetch(url, { method: "POST", headers, body: lines.join("\n") });
  if (response.ok) return undefined;
  const error = await response.json();
  if (error.line === undefined) throw new Error(error.message);
  return error.line;
}

const lines = [
  "home,room=Kitchen temp=21.5",
  "home,room=Hall temp=",
  "home,room=Attic temp=17.0",
  "home,room= temp=12.5",
];
for (let number = await badLine(lines); number; number = await badLine(lines)) {
  const [left] = lines.splice(number - 1, 1);
  console.log("left out:", left);
}
console.log("written:", lines.length);
