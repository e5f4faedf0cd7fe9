import { SluiceError } from "../error/error.ts";

interface PageOptions {
  /** Items to read; `count` is the number of items after a filter. */
  limit?: number;
  count?: number;
  cursor?: string | undefined;
  order?: "asc" | "desc";
}

interface Query<Item> {
  go(options: Omit<PageOptions, "cursor"> & { cursor: string | null }): Promise<{
    data: Item[];
    cursor: string | null;
  }>;
}

/** The items of all pages of a query. */
export async function* allItems<Item>(
  readPage: (cursor: string | null) => Promise<{ data: Item[]; cursor: string | null }>,
): AsyncGenerator<Item> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof readPage>> = await readPage(cursor);
    yield* page.data;
    cursor = page.cursor;
  } while (cursor);
}

/** One page of a query, with the cursor of the next page. */
export async function pageOf<Item, Shown>(
  query: Query<Item>,
  { cursor, ...options }: PageOptions,
  shown: (item: Item) => Shown,
): Promise<{ items: Shown[]; cursor?: string }> {
  const found = await query.go({ ...options, cursor: cursor ?? null }).catch((error: unknown) => {
    if (!cursor) throw error;
    // The query fails on an invalid cursor.
    throw new SluiceError("CURSOR_INVALID", "The cursor is damaged.", { cause: error });
  });
  return { items: found.data.map(shown), cursor: found.cursor ?? undefined };
}
