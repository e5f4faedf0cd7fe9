import { SluiceError } from "../error/error.ts";

interface Wanted {
  /** Of what is read; `count` is of what a filter leaves. */
  limit?: number;
  count?: number;
  /** Where the page before ended. */
  cursor?: string | undefined;
  order?: "asc" | "desc";
}

interface Query<Item> {
  go(options: Omit<Wanted, "cursor"> & { cursor: string | null }): Promise<{
    data: Item[];
    cursor: string | null;
  }>;
}

/** One page of a query, and the cursor of the next. */
export async function pageOf<Item, Shown>(
  query: Query<Item>,
  { cursor, ...wanted }: Wanted,
  shown: (item: Item) => Shown,
): Promise<{ items: Shown[]; cursor?: string }> {
  const found = await query.go({ ...wanted, cursor: cursor ?? null }).catch((error: unknown) => {
    if (!cursor) throw error;
    // With a cursor given, that is what the query could not read.
    throw new SluiceError("CURSOR_INVALID", "The cursor is damaged.", { cause: error });
  });
  return { items: found.data.map(shown), cursor: found.cursor ?? undefined };
}
