import { parseArgs } from "node:util";
import type { Measurements } from "./measurement.ts";

export interface Selection {
  name: string;
  size: number;
}

export interface Request {
  selected: Selection[];
  json: boolean;
  help: boolean;
}

/** The command line is wrong; the message says how. */
export class UsageError extends Error {}

const SIZE = /^[\d.,+]/;

/** `[NAME [SIZE]]... [--small] [--json] [--help]`; no name selects all. */
export function parseArguments(args: string[], measurements: Measurements): Request {
  const { values, positionals } = parseOptions(args);
  const { small = false, json = false, help = false } = values;
  const selected: Selection[] = [];
  for (const [index, word] of positionals.entries()) {
    if (SIZE.test(word)) {
      const name = positionals[index - 1];
      const last = selected.at(-1);
      if (!name || !last || SIZE.test(name))
        throw new UsageError(`A size follows the name of its measurement: "${word}" does not.`);
      if (small) throw new UsageError(`Give "${name}" either a size or --small, not both.`);
      last.size = parseSize(word, name, measurements);
    } else selected.push(select(word, small, measurements));
  }
  const all = () => Object.keys(measurements).map((name) => select(name, small, measurements));
  return { selected: selected.length > 0 ? selected : all(), json, help };
}

function parseOptions(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        small: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message.split(". ")[0]!);
  }
}

function select(name: string, small: boolean, measurements: Measurements): Selection {
  if (!Object.hasOwn(measurements, name)) {
    const names = Object.keys(measurements).join(", ");
    throw new UsageError(`There is no measurement "${name}". There are: ${names}.`);
  }
  const measurement = measurements[name]!;
  return { name, size: small ? measurement.small : measurement.size };
}

function parseSize(word: string, name: string, measurements: Measurements): number {
  const size = /^\d+$/.test(word) ? Number(word) : Number.NaN;
  if (Number.isSafeInteger(size) && size > 0) return size;
  const { unit } = measurements[name]!;
  throw new UsageError(
    `"${word}" is not a size of "${name}". A size is a whole number of at least 1; here it counts ${unit}.`,
  );
}
