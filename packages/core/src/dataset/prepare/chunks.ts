// Sends files to inspection in chunks. Any function may handle a chunk, in any order, more than once.
import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { linked } from "../../aws/link.ts";
import { sqs } from "../../aws/sqs.ts";
import { SluiceError } from "../../error/error.ts";

/** Files of a chunk: about ten seconds of work. */
const filesPerChunk = 200;
/** SQS accepts ten messages and 1 MB in one request. JSON escapes need a margin. */
const maxMessages = 10;
const maxRequestBytes = 900_000;

export const Chunk = z.object({
  dataset: z.string(),
  model: z.string(),
  round: z.number().int(),
  chunk: z.number().int(),
  keys: z.array(z.string()),
});
export type Chunk = z.output<typeof Chunk>;

export function chunkSender(round: Pick<Chunk, "dataset" | "model" | "round">) {
  let keys: string[] = [];
  let bodies: string[] = [];
  let [chunks, files, bytes] = [0, 0, 0];

  const flush = async () => {
    const batch = bodies;
    [bodies, bytes] = [[], 0];
    if (batch.length > 0) await sendBatch(batch);
  };
  const endChunk = async () => {
    if (keys.length === 0) return;
    const body = JSON.stringify({ ...round, chunk: chunks, keys } satisfies Chunk);
    const bodyBytes = Buffer.byteLength(body);
    keys = [];
    chunks += 1;
    if (bytes + bodyBytes > maxRequestBytes) await flush();
    bodies.push(body);
    bytes += bodyBytes;
    if (bodies.length === maxMessages) await flush();
  };
  return {
    async add(key: string) {
      keys.push(key);
      files += 1;
      if (keys.length === filesPerChunk) await endChunk();
    },
    async end() {
      await endChunk();
      await flush();
      return { chunks, files };
    },
  };
}

async function sendBatch(bodies: string[]): Promise<void> {
  const { Failed = [] } = await sqs().send(
    new SendMessageBatchCommand({
      QueueUrl: linked("DatasetInspectQueue", "url"),
      Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
    }),
  );
  const [failure] = Failed;
  if (failure)
    throw new SluiceError("STORAGE_FAILED", `SQS rejected a message: ${failure.Code} ${failure.Message}`);
}
