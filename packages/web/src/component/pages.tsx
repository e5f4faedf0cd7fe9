// A list that is read in pages: the first page is refreshed, older pages are loaded on demand.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type ApiError, toApiError } from "../api/problem.ts";
import { type Options, type Resource, useResource } from "../api/resource.ts";
import { Loaded } from "./notes.tsx";

export interface Page<T> {
  items: T[];
  cursor?: string | undefined;
}

interface Older<T> extends Page<T> {
  /** The list it belongs to. */
  key: string;
  loading: boolean;
  error?: ApiError;
}

interface Pages<T> extends Resource<T[]> {
  /** Undefined at the end of the list. */
  next: { load: () => void; loading: boolean } | undefined;
}

/** A page may be short or empty before the end, so several are read at once. */
const MAX_PAGES = 12;

interface PagesOptions extends Options {
  minRows?: number;
}

/** The part of a query that selects a page: empty for the first page. */
type PageQuery = { cursor?: string };

/** `idOf` identifies rows: a row of the first page replaces the same row of an older page. */
export function usePages<T>(
  key: string,
  readPage: (query: PageQuery) => Promise<Page<T>>,
  idOf: (row: T) => string,
  { minRows = 1, ...options }: PagesOptions = {},
): Pages<T> {
  const readRows = async (query: PageQuery): Promise<Page<T>> => {
    const page = await readPage(query);
    for (let count = 1; count < MAX_PAGES && page.items.length < minRows && page.cursor; count++) {
      const next = await readPage({ cursor: page.cursor });
      page.items.push(...next.items);
      page.cursor = next.cursor;
    }
    return page;
  };
  const first = useResource(key, () => readRows({}), options);
  const [allOlder, setOlder] = useState<Older<T>>();
  const older = allOlder?.key === key ? allOlder : undefined;
  const cursor = older ? older.cursor : first.data?.cursor;
  const rows = new Map<string, T>();
  for (const row of [...(first.data?.items ?? []), ...(older?.items ?? [])])
    if (!rows.has(idOf(row))) rows.set(idOf(row), row);

  const load = async (from: string) => {
    // Includes the first page, because newer rows will push rows out of it.
    const items = [...(older?.items ?? first.data?.items ?? [])];
    setOlder({ key, items, cursor: from, loading: true });
    try {
      const page = await readRows({ cursor: from });
      setOlder({ key, items: [...items, ...page.items], cursor: page.cursor, loading: false });
    } catch (thrown) {
      setOlder({ key, items, cursor: from, loading: false, error: toApiError(thrown) });
    }
  };
  const loading = older?.loading ?? false;
  return {
    ...first,
    data: first.data && [...rows.values()],
    error: older?.error ?? first.error,
    next: cursor ? { loading, load: () => loading || void load(cursor) } : undefined,
  };
}

interface PagedListProps<T> {
  pages: Pages<T>;
  what: string;
  /** Shown for a list without rows. */
  empty: ComponentChildren;
  children: (rows: T[]) => ComponentChildren;
}

export function PagedList<T>({ pages, what, empty, children }: PagedListProps<T>) {
  const { next } = pages;
  return (
    <Loaded resource={pages} what={what}>
      {(rows) =>
        rows.length === 0 ? (
          empty
        ) : (
          <>
            {children(rows)}
            {next && (
              <button type="button" class="more" disabled={next.loading} onClick={next.load}>
                {next.loading ? "Loading …" : "Show more"}
              </button>
            )}
          </>
        )
      }
    </Loaded>
  );
}
