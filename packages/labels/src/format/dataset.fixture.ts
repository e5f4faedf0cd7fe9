import { openMemory } from "./collection.ts";
import type { FormatName } from "./format.ts";
import { readLabels } from "./formats.ts";
import type { Sample } from "./sample.ts";
import { isProblem, type Problem } from "./problem.ts";

/** A collection of these files. */
export const collectionOf = (files: Record<string, string | Uint8Array>) =>
  openMemory(
    "set",
    new Map(
      Object.entries(files).map(([path, one]) => [path, typeof one === "string" ? Buffer.from(one) : one]),
    ),
  );

/** Samples and problems of these files. */
export async function readAll(
  files: Record<string, string | Uint8Array>,
  context: { format?: FormatName; classes?: string[]; folders?: string[] } = {},
) {
  const [items, problems]: [Sample[], Problem[]] = [[], []];
  for await (const one of readLabels(collectionOf(files), context)) {
    if (isProblem(one)) problems.push(one);
    else items.push(one);
  }
  return { items, problems, codes: problems.map(({ code, line }) => (line ? `${code}:${line}` : code)) };
}
