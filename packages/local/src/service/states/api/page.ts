import { AwsError } from "../../../kernel/error.ts";
import { DEFAULT_PAGE, MAX_PAGE } from "../limits.ts";

/** One page of a list. The token is the place of its end. */
export function page<T>(
  { maxResults, nextToken }: { maxResults?: number; nextToken?: string },
  read: (limit: number, offset: number) => T[],
): { items: T[]; nextToken?: string } {
  const limit = maxResults || DEFAULT_PAGE;
  if (limit < 0 || limit > MAX_PAGE)
    throw new AwsError("ValidationException", `maxResults must be between 0 and ${MAX_PAGE}.`);
  const offset = nextToken === undefined ? 0 : Number(nextToken);
  if (!Number.isInteger(offset) || offset < 0)
    throw new AwsError("InvalidToken", `Invalid Token: '${nextToken}'`);
  const found = read(limit + 1, offset);
  const items = found.slice(0, limit);
  return { items, ...(found.length > limit && { nextToken: String(offset + limit) }) };
}
