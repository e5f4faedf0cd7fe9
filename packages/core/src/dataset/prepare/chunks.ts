// Files to look at, handed out in chunks: each a message that any function may take, in any order, more than once.
import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { linked } from "../../aws/link.ts";
import { sqs } from "../../aws/sqs.ts";
import { SluiceError } from "../../error/error.ts";

/** Files looked at by one invocation: some ten seconds' work. */
const perChunk = 200;
/** SQS takes ten messages and 1 MB at once, less a margin for what JSON adds. */
const perCall = 10;
const bytesPerCall = 900_000;

export const Chunk = z.object({
  dataset: z.string(),
  model: z.string(),
  round: z.number().int(),
  chunk: z.number().int(),
  keys: z.array(z.string()),
});
export type Chunk = z.output<typeof Chunk>;

export function handOut(to: Pick<Chunk, "dataset" | "model" | "round">) {
  let keys: string[] = [];
  let chunks = 0;
  let files = 0;
  let waiting: string[] = [];
  let bytes = 0;

  const send = async () => {
    const bodies = waiting;
    waiting = [];
    bytes = 0;
    if (bodies.length === 0) return;
    const { Failed = [] } = await sqs().send(
      new SendMessageBatchCommand({
        QueueUrl: linked("DatasetInspectQueue", "url"),
        Entries: bodies.map((MessageBody, at) => ({ Id: String(at), MessageBody })),
      }),
    );
    if (Failed[0])
      throw new SluiceError(
        "STORAGE_FAILED",
        `SQS did not take a message: ${Failed[0].Code} ${Failed[0].Message}`,
      );
  };
  const close = async () => {
    if (keys.length === 0) return;
    const body = JSON.stringify({ ...to, chunk: chunks, keys } satisfies Chunk);
    keys = [];
    chunks += 1;
    if (bytes + Buffer.byteLength(body) > bytesPerCall) await send();
    waiting.push(body);
    bytes += Buffer.byteLength(body);
    if (waiting.length === perCall) await send();
  };
  return {
    async add(key: string) {
      keys.push(key);
      files += 1;
      if (keys.length === perChunk) await close();
    },
    /** How many there were. */
    async end() {
      await close();
      await send();
      return { chunks, files };
    },
  };
}
