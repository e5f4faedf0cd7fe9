// Whether an object is among a dataset's items: its lines are searched as they stream by.
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { buckets } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";

const splits = ["train", "validation", "test"] as const;
/** Of one split; beyond it nothing is claimed. */
const LONGEST_BYTES = 64 * 1_048_576;

export type Membership = (typeof splits)[number] | "none" | "unknown";

export async function memberOf(folder: string, key: string): Promise<Membership> {
  const wanted = `"file":${JSON.stringify(key)}`;
  let cut = false;
  for (const split of splits) {
    const { Body } = await s3().send(
      new GetObjectCommand({ Bucket: buckets.artifacts(), Key: `${folder}${split}.jsonl` }),
    );
    let read = 0;
    let rest = "";
    const decoder = new TextDecoder();
    for await (const chunk of Body as AsyncIterable<Uint8Array>) {
      const text = rest + decoder.decode(chunk, { stream: true });
      if (text.includes(wanted)) return split;
      rest = text.slice(-wanted.length);
      read += chunk.byteLength;
      if (read <= LONGEST_BYTES) continue;
      cut = true;
      break;
    }
  }
  return cut ? "unknown" : "none";
}
