// node bench/probe/export.ts <folder>: the features as raw files, for reference.py.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { MODELS, taskOf } from "./features.ts";

const folder = process.argv[2];
if (!folder) throw new Error("Usage: node bench/probe/export.ts <folder>");
await mkdir(folder, { recursive: true });
for (const model of MODELS) {
  const task = await taskOf(model);
  for (const part of ["train", "test"] as const) {
    const { values, labels } = task[part];
    await writeFile(path.join(folder, `${model}.${part}.f32`), values);
    await writeFile(path.join(folder, `${model}.${part}.i32`), Int32Array.from(labels));
  }
}
