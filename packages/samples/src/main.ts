// Writes labeled sample data as files. Progress goes to stderr, a summary as JSON to stdout.
import { parseArgs } from "node:util";
import { UnknownConditions, UnknownModel } from "./generate.ts";
import { CONDITIONS } from "./toolkit/sample.ts";
import { writeSamples } from "./write.ts";

const USAGE =
  "Usage: node main.ts <model> <folder> [--count 100] [--seed 1] [--from 0] [--conditions day] [--split 0.7:0.15:0.15]";
const REPORTS = 10;
const MAX = 10_000_000;

class UsageError extends Error {}

function parseInteger(name: string, value: string, min: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= min && number <= MAX && value.trim() !== "") return number;
  throw new UsageError(`--${name} is '${value}', which is not a whole number from ${min} to ${MAX}.`);
}

function parseConditions(value: string) {
  const found = CONDITIONS.find((one) => one === value);
  if (found) return found;
  throw new UsageError(`--conditions is '${value}', which is not one of ${CONDITIONS.join(", ")}.`);
}

function readOptions() {
  const options = {
    count: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    conditions: { type: "string", default: "day" },
    split: { type: "string" },
  } as const;
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options });
    const [model, folder, ...more] = positionals;
    if (!model || !folder || more.length > 0) throw new UsageError(USAGE);
    return {
      model,
      folder,
      count: parseInteger("count", values.count, 1),
      seed: parseInteger("seed", values.seed, 0),
      from: parseInteger("from", values.from, 0),
      conditions: parseConditions(values.conditions),
      shares: values.split?.split(":").map(Number),
    };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${(error as Error).message}\n${USAGE}`, { cause: error });
  }
}

const isUsage = (error: unknown) =>
  error instanceof UsageError || error instanceof UnknownModel || error instanceof UnknownConditions;

try {
  const { model, folder, shares, ...range } = readOptions();
  const started = performance.now();
  const every = Math.max(1, Math.ceil(range.count / REPORTS));
  const report = (done: number) => {
    if (done % every === 0 || done === range.count)
      process.stderr.write(`${model}: ${done} of ${range.count}\n`);
  };
  const written = await writeSamples(model, folder, range, report, shares);
  const ms = Math.round(performance.now() - started);
  process.stdout.write(`${JSON.stringify({ model, folder, ...range, ...written, ms })}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = isUsage(error) ? 2 : 1;
}
