// Required before a Node sample: shows what the object that a call returned holds under some names, as `NAME=VALUE`.
"use strict";

const DEPTH = 4; // how far properties of properties are looked through

function* properties(value, name, depth, seen) {
  if (value === null || typeof value !== "object" || seen.has(value)) return;
  seen.add(value);
  for (const [key, inner] of Object.entries(value)) {
    if (key.replace(/^_+/, "") === name && ["string", "number", "boolean"].includes(typeof inner)) yield inner;
    else if (depth > 0) yield* properties(inner, name, depth - 1, seen);
  }
}

globalThis.docwitnessTell = (value, names) => {
  for (const name of names) {
    const held = new Set([...properties(value, name, DEPTH, new Set())].map((each) => JSON.stringify(each)));
    for (const each of [...held].sort()) process.stderr.write(`docwitness: ${name}=${each}\n`);
  }
  return value;
};
