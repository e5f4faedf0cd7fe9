/** Reads all keys: DynamoDB leaves some of a batch unprocessed when it is busy. */
export async function getAll<Key, Item>(
  keys: Key[],
  read: (keys: Key[]) => Promise<{ data: Item[]; unprocessed: unknown[] }>,
): Promise<Item[]> {
  const found: Item[] = [];
  for (let left = keys; left.length > 0;) {
    const { data, unprocessed } = await read(left);
    found.push(...data);
    left = unprocessed as Key[];
  }
  return found;
}
