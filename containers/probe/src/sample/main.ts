// node sample/main.ts <model> <folder> [--count 100] [--from 0] [--seed 1]: sample data with the truth, as files.
import { parseArgs } from "node:util";
import { writeSamples } from "./write.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: "string" }, from: { type: "string" }, seed: { type: "string" } },
});
const [model, dir] = positionals;
if (!model || !dir) {
  console.error("Usage: node main.ts <model> <folder> [--count 100] [--from 0] [--seed 1]");
  process.exit(2);
}
const range = {
  count: Number(values.count ?? 100),
  from: Number(values.from ?? 0),
  seed: Number(values.seed ?? 1),
};
await writeSamples(model, dir, range).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
console.log(JSON.stringify({ model, dir, ...range }));
