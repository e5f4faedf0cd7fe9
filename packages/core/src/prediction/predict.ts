// A prediction while you wait: the queue's own steps, without the queue and without a record.
import { randomUUID } from "node:crypto";
import { infer } from "../inference/infer.ts";
import { real, type Surroundings } from "../inference/retry.ts";
import { model as modelNamed } from "../model/model.ts";
import type { Result } from "../inference/result.ts";

interface Ask {
  model: string;
  bytes: Uint8Array;
  /** What to call the input in messages. */
  name?: string;
  /** Epoch ms by which the caller needs an answer. */
  deadline: number;
}

export async function predict(
  { model, bytes, name, deadline }: Ask,
  around: Surroundings = real,
): Promise<Result> {
  const id = `prd_${randomUUID().replaceAll("-", "")}`;
  const source = { bucket: "", key: name ?? "the request body" };
  const startedAt = around.now();
  const done = await infer(
    { id, model: modelNamed(model), source, bytes, spent: {}, startedAt, deadline },
    around,
  );
  return done.result;
}
