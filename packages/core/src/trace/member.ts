// Finds the split of a dataset that contains an object, by searching its lines as a stream.
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { buckets } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";

const splits = ["train", "validation", "test"] as const;
/** Of one split; a longer one is not searched to its end. */
const MAX_BYTES = 64 * 1_048_576;

export type Membership = (typeof splits)[number] | "none" | "unknown";

export async function findSplit(folder: string, key: string): Promise<Membership> {
  const pattern = `"file":${JSON.stringify(key)}`;
  let incomplete = false;
  for (const split of splits) {
    const { Body } = await s3().send(
      new GetObjectCommand({ Bucket: buckets.artifacts(), Key: `${folder}${split}.jsonl` }),
    );
    let read = 0;
    let rest = "";
    const decoder = new TextDecoder();
    for await (const chunk of Body as AsyncIterable<Uint8Array>) {
      const text = rest + decoder.decode(chunk, { stream: true });
      if (text.includes(pattern)) return split;
      rest = text.slice(-pattern.length);
      read += chunk.byteLength;
      if (read <= MAX_BYTES) continue;
      incomplete = true;
      break;
    }
  }
  return incomplete ? "unknown" : "none";
}
