// Limit and NextToken of the list operations; a token is the position of the next entry.
import { validation } from "./error.ts";

export function listPage<Key extends string, T>(
  key: Key,
  items: T[],
  { Limit = 100, NextToken }: { Limit?: number; NextToken?: string },
) {
  if (!Number.isInteger(Limit) || Limit < 1 || Limit > 100) throw validation("Limit must be from 1 to 100.");
  const start = NextToken ? Number(Buffer.from(NextToken, "base64url").toString()) : 0;
  if (!Number.isSafeInteger(start) || start < 0) throw validation("Parameter NextToken is not valid.");
  const end = start + Limit;
  return {
    [key]: items.slice(start, end),
    NextToken: end < items.length ? Buffer.from(String(end)).toString("base64url") : undefined,
  };
}
