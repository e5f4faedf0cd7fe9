// A synchronous prediction: the same steps as from the queue, without a record.
import { randomUUID } from "node:crypto";
import { infer } from "../inference/infer.ts";
import { systemRuntime, type Runtime } from "../util/runtime.ts";
import { getModel } from "../model/model.ts";
import type { Result } from "../inference/result.ts";

interface Request {
  model: string;
  bytes: Uint8Array;
  /** The name of the input in messages. */
  name?: string;
  /** Epoch ms by which the caller needs the result. */
  deadline: number;
}

export async function predict(
  { model, bytes, name, deadline }: Request,
  runtime: Runtime = systemRuntime,
): Promise<Result> {
  const id = `prd_${randomUUID().replaceAll("-", "")}`;
  const source = { bucket: "", key: name ?? "the request body" };
  const startedAt = runtime.now();
  const done = await infer(
    { id, model: getModel(model), source, bytes, spent: {}, startedAt, deadline },
    runtime,
  );
  return done.result;
}
