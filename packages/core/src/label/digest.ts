import { createHash } from "node:crypto";
import type { Said } from "./label.ts";

/** Of what is said alone: who said it and when makes no other label of it. */
export function digestOf({ key, label, boxes, text, image, confidence, split, extra }: Said): string {
  const parts = [key, label, boxes, text, image, confidence, split, extra];
  return createHash("sha256")
    .update(JSON.stringify(parts.map(sorted)))
    .digest("hex")
    .slice(0, 24);
}

/** DynamoDB gives a map's fields back in an order of its own. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value ?? null;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    fields.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => [name, sorted(field)]),
  );
}
