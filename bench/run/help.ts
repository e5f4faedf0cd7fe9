import type { Measurements } from "./measurement.ts";

export function helpOf(measurements: Measurements): string {
  const width = Math.max(...Object.keys(measurements).map((name) => name.length));
  const lines = Object.entries(measurements).map(
    ([name, { what, against, unit, size, small, needs }]) =>
      `  ${name.padEnd(width)}  ${what}; against ${against}. Size (${unit}): ${format(size)}, small ${format(small)}.${needs ? ` Needs ${needs}.` : ""}`,
  );
  return `Usage: npm run bench -- [NAME [SIZE]]... [--small] [--json]

Runs every measurement, or the named ones, each in a process of its own. Exits with 1 when one fails.

Options:
  --small     the smallest useful size of each: all take a few minutes
  --json      print the figures as one JSON document; progress goes to standard error
  -h, --help  print this text

Measurements:
${lines.join("\n")}

Examples:
  npm run bench -- burst 200 crash 200
  npm run --silent bench -- --small --json > figures.json
`;
}

const format = (size: number) => size.toLocaleString("en");
