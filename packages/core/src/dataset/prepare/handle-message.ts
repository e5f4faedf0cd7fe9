// Handles the messages of the prepare and inspect queues. A message that cannot be handled fails its dataset.
import type * as z from "zod";
import { invalidInput, SluiceError, toSluiceError } from "../../error/error.ts";
import { MAX_RECEIVES } from "@sluice/models/limits.ts";
import { Chunk } from "./chunks.ts";
import { inspectChunk } from "./inspect-chunk.ts";
import { PrepareMessage } from "./message.ts";
import { failDataset } from "./outcome.ts";
import { prepareDataset } from "./prepare-dataset.ts";

export interface Receipt {
  /** Receive count of the message. */
  receives: number;
  now: number;
}

export const handlePrepareMessage = (body: string, receipt: Receipt) =>
  handle(PrepareMessage, body, receipt, (message) => prepareDataset(message, receipt));

export const handleInspectMessage = (body: string, receipt: Receipt) =>
  handle(Chunk, body, receipt, (chunk) => inspectChunk(chunk, receipt.now));

/** User errors fail the dataset at once, system errors after the last receive. */
async function handle<T extends { dataset: string }>(
  schema: z.ZodType<T>,
  body: string,
  { receives, now }: Receipt,
  work: (message: T) => Promise<void>,
): Promise<void> {
  const parsed = schema.safeParse(parseJson(body));
  if (!parsed.success) throw invalidInput(parsed.error, "EVENT_INVALID");
  const { dataset } = parsed.data;
  try {
    await work(parsed.data);
  } catch (thrown) {
    const error = toSluiceError(thrown);
    if (error.kind === "user") return failDataset(dataset, error, now);
    if (receives >= MAX_RECEIVES) await failDataset(dataset, error, now);
    throw error;
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new SluiceError("EVENT_INVALID", "The message is not JSON.", { cause: error });
  }
}
