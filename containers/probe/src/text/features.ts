import { readFile } from "node:fs/promises";
import { TextInput } from "@sluice/inference/package.ts";
import { decodeText } from "@sluice/inference/text/feeds.ts";
import { hashText } from "@sluice/inference/text/hash.ts";
import type { Item } from "../data/items.ts";
import { type FeatureRows, createRows } from "../head/rows.ts";

const tokenizer = { kind: "hash" as const, buckets: 4096, words: [1, 2], characters: [4] };
export const input = TextInput.parse({ kind: "text", tokenizer });

/** Skips and names unreadable texts. */
export async function extract(items: Item[], labels: number[]): Promise<FeatureRows> {
  const rows = createRows();
  for (const [at, { name, text, file }] of items.entries())
    try {
      const words = decodeText(text === undefined ? await readFile(file!) : Buffer.from(text));
      rows.add(hashText(words, tokenizer), [labels[at]!]);
    } catch (error) {
      rows.skip(name, error);
    }
  return rows.finish();
}
