import { createHash } from "node:crypto";
import * as z from "zod";
import { SluiceError } from "../error/error.ts";

const Position = z.object({
  /** The bucket to read. */
  bucket: z.string(),
  /** The last item seen in it. */
  after: z.object({ at: z.string(), id: z.string() }).optional(),
  /** The next older day with items, read with the first page of the bucket. */
  next: z.string().optional(),
});
export type Position = z.output<typeof Position>;

/** Opaque and bound to its query: in another query it would skip items silently. */
export function encodeCursor(position: Position, query: unknown): string {
  return Buffer.from(JSON.stringify({ ...position, query: fingerprint(query) })).toString("base64url");
}

export function decodeCursor(cursor: string, query: unknown): Position {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    json = undefined;
  }
  const parsed = Position.extend({ query: z.string() }).safeParse(json);
  if (!parsed.success) throw new SluiceError("CURSOR_INVALID", "The cursor is damaged.");
  if (parsed.data.query !== fingerprint(query)) {
    throw new SluiceError("CURSOR_INVALID", "The cursor belongs to a query with other filters.");
  }
  return parsed.data;
}

const fingerprint = (query: unknown) =>
  createHash("sha256").update(JSON.stringify(query)).digest("hex").slice(0, 12);
