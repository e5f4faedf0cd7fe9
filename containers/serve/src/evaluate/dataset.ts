// The held-out items of a prepared dataset, one at a time.
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { InferenceError } from "@sluice/inference/error.ts";
import { z } from "zod";

const Box = z.object({
  class: z.string(),
  x: z.number(),
  y: z.number(),
  width: z.number().positive(),
  height: z.number().positive(),
});

const Line = z.object({
  file: z.string().min(1),
  label: z.string().optional(),
  boxes: z.array(Box).optional(),
  text: z.string().optional(),
});
export type Item = z.output<typeof Line>;

const Description = z.object({
  id: z.string().optional(),
  digest: z.string().optional(),
  classes: z.array(z.string()).default([]),
  seed: z.union([z.number(), z.string()]).default(1),
});
export type Description = z.output<typeof Description>;

const LIST = "test.jsonl";

export async function describe(dir: string): Promise<Description> {
  const file = path.join(dir, "dataset.json");
  if (!existsSync(file)) return Description.parse({});
  try {
    return Description.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    throw unusable(`dataset.json cannot be read: ${reasonOf(error)}`, error);
  }
}

/** How many there are, and a walk over them; of many, the same `samples` for the same seed. */
export async function heldOut(
  dir: string,
  seed: number | string,
  samples = Infinity,
): Promise<{ count: number; items: AsyncIterable<Item> | Iterable<Item> }> {
  const file = path.join(dir, LIST);
  if (!existsSync(file)) throw unusable(`The dataset has no ${LIST}.`);
  let count = 0;
  const chosen: { rank: string; at: number; item: Item }[] = [];
  for await (const item of read(file)) {
    count++;
    if (samples === Infinity) continue;
    chosen.push({ rank: createHash("sha256").update(`${seed}/${item.file}`).digest("hex"), at: count, item });
    if (chosen.length >= 2 * samples + 1000) keepLowest(chosen, samples);
  }
  if (count === 0)
    throw unusable("The dataset holds nothing back for tests. Label more, or raise its share for `test`.");
  if (samples >= count) return { count, items: read(file) };
  keepLowest(chosen, samples);
  return {
    count: samples,
    items: chosen.toSorted((one, other) => one.at - other.at).map(({ item }) => item),
  };
}

function keepLowest(chosen: { rank: string }[], samples: number) {
  chosen.sort((one, other) => (one.rank < other.rank ? -1 : 1));
  chosen.length = Math.min(chosen.length, samples);
}

async function* read(file: string): AsyncGenerator<Item> {
  let at = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    at++;
    if (line.trim() === "") continue;
    try {
      yield Line.parse(JSON.parse(line));
    } catch (error) {
      throw unusable(`${LIST}, line ${at}: ${reasonOf(error)}`, error);
    }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof z.ZodError)) return (error as Error).message;
  const { path: where, message } = error.issues[0]!;
  return `${where.join(".")}: ${message}`;
}

function unusable(message: string, cause?: unknown) {
  return new InferenceError(
    "REQUEST_INVALID",
    422,
    message,
    "Prepare the dataset again, then evaluate on it.",
    cause,
  );
}
