// The messages that move a dataset on, and what becomes of it when they cannot.
import { MAX_RECEIVES } from "@sluice/models/limits.ts";
import type * as z from "zod";
import { invalidInput, SluiceError, toSluiceError } from "../../error/error.ts";
import { Chunk } from "./chunks.ts";
import { inspect } from "./look.ts";
import { fail } from "./outcome.ts";
import { Message, run } from "./run.ts";

export interface Receipt {
  receives: number;
  now: number;
}

export const prepareStep = (body: string, { receives, now }: Receipt) =>
  deliver(Message, body, { receives, now }, (message) => run({ message, receives, now }));

export const inspectStep = (body: string, receipt: Receipt) =>
  deliver(Chunk, body, receipt, (chunk) => inspect(chunk, receipt.now));

/** A dataset that cannot be made says why: at once where it lies with the data, after the last try where it does not. */
async function deliver<T extends { dataset: string }>(
  schema: z.ZodType<T>,
  body: string,
  { receives, now }: Receipt,
  work: (message: T) => Promise<void>,
): Promise<void> {
  const parsed = schema.safeParse(parse(body));
  if (!parsed.success) throw invalidInput(parsed.error, "EVENT_INVALID");
  const { dataset } = parsed.data;
  try {
    await work(parsed.data);
  } catch (thrown) {
    const error = toSluiceError(thrown);
    if (error.kind === "user") return fail(dataset, error, now);
    if (receives >= MAX_RECEIVES) await fail(dataset, error, now);
    throw error;
  }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new SluiceError("EVENT_INVALID", "The message is not JSON.", { cause: error });
  }
}
