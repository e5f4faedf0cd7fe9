import { availableParallelism, cpus } from "node:os";
import { formatTable } from "../support/table.ts";
import { runApart } from "./apart.ts";
import { UsageError, parseArguments, type Request, type Selection } from "./arguments.ts";
import { helpOf } from "./help.ts";
import type { Measurements, Table } from "./measurement.ts";

interface Result extends Selection {
  unit: string;
  seconds: number;
  tables: Table[];
  error?: string;
}

const print = (text: string) => void process.stdout.write(text);
const note = (text: string) => void process.stderr.write(text);

/** Runs what the arguments select, one after the other; answers the exit code. */
export async function bench(args: string[], measurements: Measurements): Promise<number> {
  let request: Request;
  try {
    request = parseArguments(args, measurements);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    note(`${error.message}\n\`npm run bench -- --help\` lists measurements and options.\n`);
    return 2;
  }
  if (request.help) {
    print(helpOf(measurements));
    return 0;
  }
  const results: Result[] = [];
  for (const selection of request.selected)
    results.push(await measure(selection, measurements[selection.name]!.unit, request.json ? note : print));
  if (request.json) print(`${JSON.stringify({ machine: machine(), measurements: results }, null, 2)}\n`);
  return summarise(results);
}

async function measure({ name, size }: Selection, unit: string, log: typeof print): Promise<Result> {
  log(`\n== ${name}, size ${size.toLocaleString("en")} (${unit})\n`);
  const tables: Table[] = [];
  const began = performance.now();
  const error = await runApart({ name, size }, (table) => {
    tables.push(table);
    log(`\n${formatTable(table)}`);
  });
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  log(
    error === undefined
      ? `\n${seconds} s; to repeat it: npm run bench -- ${name} ${size}\n`
      : `\n${name} FAILED after ${seconds} s: ${error}\n`,
  );
  return { name, size, unit, seconds, tables, ...(error !== undefined && { error }) };
}

function summarise(results: Result[]): 0 | 1 {
  const failed = results.filter(({ error }) => error !== undefined);
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  note(
    `\n${results.length - failed.length} of ${results.length} measurements succeeded, in ${seconds.toFixed(0)} s.\n`,
  );
  for (const { name, error } of failed) note(`failed: ${name}: ${error}\n`);
  return failed.length > 0 ? 1 : 0;
}

const machine = () => ({
  processor: cpus()[0]?.model ?? "unknown",
  cores: availableParallelism(),
  platform: `${process.platform} ${process.arch}`,
  node: process.version,
});
