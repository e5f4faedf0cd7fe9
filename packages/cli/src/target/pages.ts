interface Page<T> {
  items: T[];
  cursor?: string;
}

/** Reads pages of a list until it has `limit` items or the list ends. */
export async function readPages<T>(
  limit: string,
  pageSize: number,
  readPage: (query: { limit: string; cursor?: string }) => Promise<Page<T>>,
): Promise<{ items: T[]; more: boolean }> {
  const wanted = Number(limit);
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await readPage({ limit: String(Math.min(pageSize, wanted - items.length)), cursor });
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined && items.length < wanted);
  return { items, more: cursor !== undefined };
}
