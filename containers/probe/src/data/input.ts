// Reads the job's channels: `dataset`, a prepared dataset whose files are in `train` and `validation`; or these two alone, with
// class folders.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { TrainingError } from "./error.ts";
import { readChannel } from "./channel.ts";
import { type Item, readItems } from "./items.ts";

export interface Input {
  train: Item[];
  validation?: Item[];
  /** The description of a prepared dataset. */
  prepared?: Prepared;
}

const Description = z.object({
  id: z.string().optional(),
  digest: z.string().optional(),
  task: z.string().optional(),
  classes: z.array(z.string()).min(2).optional(),
  /** One factor for each class; absent or null for equal weights. */
  weights: z.record(z.string(), z.number().positive()).nullish(),
});
export type Prepared = z.output<typeof Description>;

export async function readChannels(data: string): Promise<Input> {
  const at = (...names: string[]) => path.join(data, ...names);
  if (existsSync(at("dataset", "train.jsonl"))) {
    const list = (part: string) => readItems(at("dataset", `${part}.jsonl`), at(part), `${part}.jsonl`);
    return {
      train: await list("train"),
      ...(existsSync(at("dataset", "validation.jsonl")) && { validation: await list("validation") }),
      prepared: await readDescription(at("dataset", "dataset.json")),
    };
  }
  if (existsSync(at("dataset")))
    throw new TrainingError(
      "The 'dataset' channel has no train.jsonl. Prepare the dataset again, then train on it.",
    );
  const train = ["train", "training"].map((name) => at(name)).find(existsSync);
  if (!train) throw new TrainingError("The job has no 'train' channel. Add it to InputDataConfig.");
  return {
    train: await readChannel(train),
    ...(existsSync(at("validation")) && { validation: await readChannel(at("validation")) }),
  };
}

async function readDescription(file: string): Promise<Prepared> {
  if (!existsSync(file)) return {};
  try {
    return Description.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new TrainingError(`dataset.json cannot be used: ${reason} Prepare the dataset again.`, error);
  }
}
