import { memory } from "./collection.ts";
import type { FormatName } from "./format.ts";
import { readLabels } from "./formats.ts";
import type { Labelled } from "./labelled.ts";
import { isProblem, type Problem } from "./problem.ts";

/** A collection of these files. */
export const setOf = (files: Record<string, string | Uint8Array>) =>
  memory(
    "set",
    new Map(
      Object.entries(files).map(([path, one]) => [path, typeof one === "string" ? Buffer.from(one) : one]),
    ),
  );

/** What is read of them, items and problems apart. */
export async function readAll(
  files: Record<string, string | Uint8Array>,
  context: { format?: FormatName; classes?: string[]; folders?: string[] } = {},
) {
  const [items, problems]: [Labelled[], Problem[]] = [[], []];
  for await (const one of readLabels(setOf(files), context)) {
    if (isProblem(one)) problems.push(one);
    else items.push(one);
  }
  return { items, problems, codes: problems.map(({ code, line }) => (line ? `${code}:${line}` : code)) };
}
