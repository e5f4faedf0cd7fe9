// Reads the held-out items of a prepared dataset.
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
  /** The label is from a review. These items are measured apart too. */
  reviewed: z.boolean().optional(),
});
export type Item = z.output<typeof Line>;

const Description = z.object({
  id: z.string().optional(),
  digest: z.string().optional(),
  classes: z.array(z.string()).default([]),
  seed: z.union([z.number(), z.string()]).default(1),
});
export type Description = z.output<typeof Description>;

interface Candidate {
  /** A hash of the seed and the file: the lowest ranks are selected. */
  rank: string;
  at: number;
  item: Item;
}

const LIST = "test.jsonl";

export async function readDescription(dir: string): Promise<Description> {
  const file = path.join(dir, "dataset.json");
  if (!existsSync(file)) return Description.parse({});
  try {
    return Description.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    throw invalidDataset(`dataset.json cannot be read: ${reasonOf(error)}`, error);
  }
}

/** The same seed selects the same `samples` items. */
export async function readHeldOut(
  dir: string,
  seed: number | string,
  samples = Infinity,
): Promise<{ count: number; items: AsyncIterable<Item> | Iterable<Item> }> {
  const file = path.join(dir, LIST);
  if (!existsSync(file)) throw invalidDataset(`The dataset has no ${LIST}.`);
  let count = 0;
  let candidates: Candidate[] = [];
  for await (const item of readItems(file)) {
    count++;
    if (samples === Infinity) continue;
    candidates.push({
      rank: createHash("sha256").update(`${seed}/${item.file}`).digest("hex"),
      at: count,
      item,
    });
    if (candidates.length >= 2 * samples + 1000) candidates = lowestRanks(candidates, samples);
  }
  if (count === 0)
    throw invalidDataset("The dataset has no held-out items. Label more, or raise its share for `test`.");
  if (samples >= count) return { count, items: readItems(file) };
  return {
    count: samples,
    items: lowestRanks(candidates, samples)
      .toSorted((one, other) => one.at - other.at)
      .map(({ item }) => item),
  };
}

const lowestRanks = (candidates: Candidate[], samples: number) =>
  candidates.toSorted((one, other) => (one.rank < other.rank ? -1 : 1)).slice(0, samples);

async function* readItems(file: string): AsyncGenerator<Item> {
  let at = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    at++;
    if (line.trim() === "") continue;
    try {
      yield Line.parse(JSON.parse(line));
    } catch (error) {
      throw invalidDataset(`${LIST}, line ${at}: ${reasonOf(error)}`, error);
    }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof z.ZodError)) return (error as Error).message;
  const { path: where, message } = error.issues[0]!;
  return `${where.join(".")}: ${message}`;
}

function invalidDataset(message: string, cause?: unknown) {
  return new InferenceError(
    "REQUEST_INVALID",
    422,
    message,
    "Prepare the dataset again, then evaluate on it.",
    cause,
  );
}
