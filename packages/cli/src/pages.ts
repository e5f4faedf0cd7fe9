// As much of a list as was asked for, over as many pages as that takes.

interface Page<T> {
  items: T[];
  cursor?: string;
}

export async function upTo<T>(
  limit: string,
  mostAPage: number,
  read: (at: { limit: string; cursor?: string }) => Promise<Page<T>>,
): Promise<{ found: T[]; more: boolean }> {
  const wanted = Number(limit);
  const found: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read({ limit: String(Math.min(mostAPage, wanted - found.length)), cursor });
    found.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined && found.length < wanted);
  return { found, more: cursor !== undefined };
}
