// Parses JavaScript samples without running any: a JSON file of {id, text, isModule} in, the ids of the faulty ones out as JSON.
// Needs --experimental-vm-modules: only the constructor of a module parses module syntax without loading what it imports.
import { readFileSync } from "node:fs";
import vm from "node:vm";

const PARAMETERS = ["exports", "require", "module", "__filename", "__dirname"];

function parses({ text, isModule }) {
  try {
    if (isModule) new vm.SourceTextModule(text);
    else vm.compileFunction(text, PARAMETERS);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

const samples = JSON.parse(readFileSync(process.argv[2], "utf8"));
console.log(JSON.stringify(samples.filter((sample) => !parses(sample)).map((sample) => sample.id)));
