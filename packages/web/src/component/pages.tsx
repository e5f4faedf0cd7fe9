// A list that comes in pages: the first is kept fresh, the others come when they are asked for.
import { useState } from "preact/hooks";
import { type ApiError, asApiError } from "../api/problem.ts";
import { type Options, type Remote, useRemote } from "../api/remote.ts";

export interface Page<T> {
  items: T[];
  cursor?: string | undefined;
}

interface Older<T> extends Page<T> {
  /** Of which list. */
  key: string;
  loading: boolean;
  error?: ApiError;
}

export interface Rest {
  load: () => void;
  loading: boolean;
}

interface Pages<T> extends Remote<T[]> {
  /** Absent at the end of the list. */
  rest: Rest | undefined;
}

/** A page may be short, even empty, and still not the last: so many are read before the reader is asked again. */
const PAGES_AT_ONCE = 12;

interface PagesOptions extends Options {
  /** So many rows are worth showing. */
  atLeast?: number;
}

/** `idOf` tells two rows apart: what the first page brings anew replaces what older pages hold. */
export function usePages<T>(
  key: string,
  read: (cursor: string | undefined) => Promise<Page<T>>,
  idOf: (row: T) => string,
  { atLeast = 1, ...options }: PagesOptions = {},
): Pages<T> {
  const enough = async (cursor: string | undefined): Promise<Page<T>> => {
    const found = await read(cursor);
    for (let turn = 1; turn < PAGES_AT_ONCE && found.items.length < atLeast && found.cursor; turn++) {
      const { items, cursor: next } = await read(found.cursor);
      found.items.push(...items);
      found.cursor = next;
    }
    return found;
  };
  const first = useRemote(key, () => enough(undefined), options);
  const [older, setOlder] = useState<Older<T>>();
  const mine = older?.key === key ? older : undefined;
  const cursor = mine ? mine.cursor : first.data?.cursor;
  const rows = new Map<string, T>();
  for (const row of [...(first.data?.items ?? []), ...(mine?.items ?? [])])
    if (!rows.has(idOf(row))) rows.set(idOf(row), row);

  const load = async (from: string) => {
    // What newer rows push out of the first page stays.
    const items = [...(mine?.items ?? first.data?.items ?? [])];
    setOlder({ key, items, cursor: from, loading: true });
    try {
      const page = await enough(from);
      setOlder({ key, items: [...items, ...page.items], cursor: page.cursor, loading: false });
    } catch (thrown) {
      setOlder({ key, items, cursor: from, loading: false, error: asApiError(thrown) });
    }
  };
  const loading = mine?.loading ?? false;
  return {
    ...first,
    data: first.data && [...rows.values()],
    error: mine?.error ?? first.error,
    rest: cursor ? { loading, load: () => loading || void load(cursor) } : undefined,
  };
}

export function More({ of: rest }: { of: Rest | undefined }) {
  if (!rest) return null;
  return (
    <button type="button" class="more" disabled={rest.loading} onClick={rest.load}>
      {rest.loading ? "Loading …" : "Show more"}
    </button>
  );
}
