import { createHash } from "node:crypto";

/** The partitions a model's labels lie in, in their order. */
export const shards = Array.from({ length: 16 }, (_, index) => index.toString(16));

export const shardOf = (key: string) => createHash("sha256").update(key).digest("hex").charAt(0);

/** The key of a text that stands in its label. */
export const textKey = (text: string) =>
  `text/${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
