// A synchronous prediction: the same steps as from the queue, without a record.
import { randomUUID } from "node:crypto";
import { captureFiles, isCaptured, requestInput } from "../inference/capture.ts";
import { infer, type Inferred } from "../inference/infer.ts";
import { log } from "../log.ts";
import { storeResult } from "../object/store.ts";
import { systemRuntime, type Runtime } from "../util/runtime.ts";
import { getModel } from "../model/model.ts";
import type { Result } from "../inference/result.ts";

/** The longest wait for the capture of a call. */
const CAPTURE_MS = 1_000;

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
  const declared = getModel(model);
  const done = await infer({ id, model: declared, source, bytes, spent: {}, startedAt, deadline }, runtime);
  if (isCaptured(id, declared.captureShare)) await capture(id, bytes, done, deadline - runtime.now());
  return done.result;
}

/** The caller gets its result without a capture, too. */
async function capture(
  id: string,
  bytes: Uint8Array,
  { endpoint, variant, contentType, body, at }: Inferred,
  remainingMs: number,
): Promise<void> {
  const input = requestInput(bytes, contentType);
  const [file] = captureFiles([{ id, endpoint, variant, input, response: body, at }]);
  const signal = AbortSignal.timeout(Math.max(0, Math.min(CAPTURE_MS, remainingMs)));
  await storeResult(file!.key, file!.body, "application/jsonl", signal).catch((error: unknown) =>
    log().warn("A synchronous prediction was not captured", { prediction: id, error: String(error) }),
  );
}
