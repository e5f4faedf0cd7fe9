import { readFile } from "node:fs/promises";
import { TextInput } from "@sluice/inference/package.ts";
import { hashText } from "@sluice/inference/text/hash.ts";
import type { Item } from "../data/channel.ts";
import type { Matrix } from "../head/head.ts";

const tokenizer = { kind: "hash" as const, buckets: 4096, words: [1, 2], characters: [4] };
export const input = TextInput.parse({ kind: "text", tokenizer });

export async function extract(items: Item[], labels: number[]): Promise<Matrix> {
  const values = new Float32Array(items.length * tokenizer.buckets);
  for (const [row, { text, file }] of items.entries())
    values.set(hashText(text ?? (await readFile(file!, "utf8")), tokenizer), row * tokenizer.buckets);
  return { columns: tokenizer.buckets, values, labels };
}
