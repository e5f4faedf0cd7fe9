// node bench/probe/export.ts <folder> <size>: the features as raw files, for reference.py.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { MODELS, taskOf } from "./features.ts";
import { planSeeds } from "./seeds.ts";

const [folder, size] = process.argv.slice(2);
if (!folder || !Number(size)) {
  process.stderr.write("Usage: node bench/probe/export.ts <folder> <size>\n");
  process.exit(2);
}
await mkdir(folder, { recursive: true });
const { seeds, samples } = planSeeds(Number(size));
for (const seed of seeds)
  for (const model of MODELS) {
    const task = await taskOf(model, seed, samples);
    for (const part of ["train", "test"] as const) {
      const file = path.join(folder, `${samples}.${seed}.${model}.${part}`);
      await writeFile(`${file}.f32`, task[part].values);
      await writeFile(`${file}.i32`, Int32Array.from(task[part].labels));
    }
  }
