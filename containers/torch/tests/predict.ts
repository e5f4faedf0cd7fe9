// Loads a package with the engine that serves it, and prints its answer for each file as a line of JSON.
// node predict.ts <package> <file with a path on each line>
import { readFile } from "node:fs/promises";
import { loadEngine } from "@sluice/inference/engine/engine.ts";

const [folder, list] = process.argv.slice(2);
if (!folder || !list) throw new Error("Usage: node predict.ts <package> <list>");
const engine = await loadEngine(folder, { threads: 1 });
try {
  for (const file of (await readFile(list, "utf8")).split("\n").filter(Boolean))
    console.log(JSON.stringify(await engine.predict(await readFile(file))));
} finally {
  await engine.close();
}
