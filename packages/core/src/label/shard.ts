import { createHash } from "node:crypto";

/** A model's labels are stored in 16 partitions, by a hash of the key. */
export const shards = Array.from({ length: 16 }, (_, index) => index.toString(16));

export const shardOf = (key: string) => createHash("sha256").update(key).digest("hex").charAt(0);

/** The key of a label that contains its text. */
export const textKey = (text: string) =>
  `text/${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
