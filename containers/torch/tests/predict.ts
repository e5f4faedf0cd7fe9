// Predicts with the engine that serves packages: prints its answer for each line of the list, which has a package and a
// file, separated by a tab. node predict.ts <list>
import { readFile } from "node:fs/promises";
import { loadEngine } from "@sluice/inference/engine/engine.ts";

const [list] = process.argv.slice(2);
if (!list) throw new Error("Usage: node predict.ts <list>");
const lines = (await readFile(list, "utf8")).split("\n").filter(Boolean);
for (const [folder, some] of Map.groupBy(lines, (line) => line.split("\t")[0]!)) {
  const engine = await loadEngine(folder, { threads: 1 });
  try {
    for (const line of some)
      console.log(JSON.stringify(await engine.predict(await readFile(line.split("\t")[1]!))));
  } finally {
    await engine.close();
  }
}
