// A list that comes in pages: the first is kept fresh, the others come when they are asked for.
import { useEffect, useState } from "preact/hooks";
import { asApiError, type ApiError } from "../api/problem.ts";
import { type Remote, useRemote } from "../api/remote.ts";

export interface Page<T> {
  items: T[];
  cursor?: string | undefined;
}

interface Pages<T> extends Remote<T[]> {
  /** Absent at the end of the list. */
  more: (() => void) | undefined;
}

/** `idOf` tells two rows apart: what the first page brings anew replaces what older pages hold. */
export function usePages<T>(
  key: string,
  read: (cursor: string | undefined) => Promise<Page<T>>,
  idOf: (row: T) => string,
  everyMs?: number,
): Pages<T> {
  const first = useRemote(key, () => read(undefined), { everyMs });
  const [older, setOlder] = useState<Page<T> & { of: string }>({ of: key, items: [] });
  const [error, setError] = useState<ApiError>();
  useEffect(() => setOlder({ of: key, items: [] }), [key]);
  const mine = older.of === key && (older.items.length > 0 || older.cursor) ? older : undefined;
  const cursor = mine ? mine.cursor : first.data?.cursor;
  const rows = new Map<string, T>();
  for (const row of [...(first.data?.items ?? []), ...(mine?.items ?? [])])
    if (!rows.has(idOf(row))) rows.set(idOf(row), row);
  const more = () =>
    void read(cursor).then(
      (page) => setOlder({ of: key, items: [...(mine?.items ?? []), ...page.items], cursor: page.cursor }),
      (thrown: unknown) => setError(asApiError(thrown)),
    );
  return {
    ...first,
    data: first.data && [...rows.values()],
    error: error ?? first.error,
    more: cursor ? more : undefined,
  };
}

export function More({ more }: { more: (() => void) | undefined }) {
  if (!more) return null;
  return (
    <button type="button" class="more" onClick={more}>
      Show older ones
    </button>
  );
}
