// What a job gives its trainer: the channel `dataset`, a prepared dataset that names its files in the channels `train` and
// `validation`; or these two channels alone, with class folders in them.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { TrainingError } from "../failure.ts";
import { readChannel } from "./channel.ts";
import { type Item, readItems } from "./items.ts";

export interface Input {
  train: Item[];
  validation?: Item[];
  /** Of a prepared dataset. */
  prepared?: Prepared;
}

const Description = z.object({
  id: z.string().optional(),
  digest: z.string().optional(),
  task: z.string().optional(),
  classes: z.array(z.string()).min(2).optional(),
  /** One factor a class; absent or null where every item weighs the same. */
  weights: z.record(z.string(), z.number().positive()).nullish(),
});
export type Prepared = z.output<typeof Description>;

export async function readInput(data: string): Promise<Input> {
  const at = (...names: string[]) => path.join(data, ...names);
  if (existsSync(at("dataset", "train.jsonl"))) {
    const list = (part: string) => readItems(at("dataset", `${part}.jsonl`), at(part), `${part}.jsonl`);
    return {
      train: await list("train"),
      ...(existsSync(at("dataset", "validation.jsonl")) && { validation: await list("validation") }),
      prepared: await describe(at("dataset", "dataset.json")),
    };
  }
  if (existsSync(at("dataset")))
    throw new TrainingError(
      "The 'dataset' channel holds no train.jsonl. Prepare the dataset again, then train on it.",
    );
  const train = ["train", "training"].map((name) => at(name)).find(existsSync);
  if (!train) throw new TrainingError("The job has no 'train' channel. Give it one in InputDataConfig.");
  return {
    train: await readChannel(train),
    ...(existsSync(at("validation")) && { validation: await readChannel(at("validation")) }),
  };
}

async function describe(file: string): Promise<Prepared> {
  if (!existsSync(file)) return {};
  try {
    return Description.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new TrainingError(`dataset.json cannot be used: ${reason} Prepare the dataset again.`, error);
  }
}
