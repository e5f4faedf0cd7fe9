// Looks up whether keys of a bucket exist. After some single requests, a folder is listed instead: a list request
// returns a thousand keys. Single requests for thousands of labels would take minutes.
import { byPath } from "./collection.ts";
import { keySet } from "./key-set.ts";
import { directory } from "./path.ts";

/** Requests for single keys of a folder before it is listed. */
const SINGLE_REQUESTS = 20;

export interface Page {
  /** The folder's keys, sorted. */
  keys: string[];
  /** The last key or folder of the page. Absent on the last page. */
  upTo?: string;
}

interface Source {
  has(key: string): Promise<boolean>;
  /** The keys of a folder after `after`. */
  page(folder: string, after: string | undefined): Promise<Page>;
}

export function existsCache({ has, page }: Source): (key: string) => Promise<boolean> {
  const folders = new Map<string, ReturnType<typeof listing>>();
  return async (key) => {
    const folder = directory(key);
    let found = folders.get(folder);
    if (!found) folders.set(folder, (found = listing((after) => page(folder, after))));
    if ((found.requests += 1) <= SINGLE_REQUESTS) return has(key);
    return (await found.has(key)) ?? has(key);
  };
}

/** Each lookup reads at most one more page, so a few lookups do not list a large folder. */
function listing(next: (after: string | undefined) => Promise<Page>) {
  const keys = keySet();
  let upTo: string | undefined;
  let whole = false;
  let reading: Promise<void> | undefined;

  async function read() {
    const found = await next(upTo);
    for (const key of found.keys) keys.add(key);
    upTo = found.upTo;
    whole = upTo === undefined;
  }
  const covers = (key: string) => whole || (upTo !== undefined && byPath(key, upTo) <= 0);

  return {
    requests: 0,
    /** `undefined` for a key after the pages that were read. */
    async has(key: string): Promise<boolean | undefined> {
      if (!covers(key)) await (reading ??= read().finally(() => (reading = undefined)));
      return covers(key) ? keys.has(key) : undefined;
    },
  };
}
