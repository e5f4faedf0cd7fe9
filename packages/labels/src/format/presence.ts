// Whether keys of a bucket exist. Asking S3 for each key takes minutes for an archive of thousands of labels, so a folder
// that is asked about often is listed instead: a thousand keys for the price of one.
import { byPath } from "./collection.ts";
import { keySet } from "./key-set.ts";
import { directory } from "./path.ts";

/** Keys of one folder asked one by one before it is listed. */
const ASKED_SINGLY = 20;

export interface Page {
  /** Keys of the folder itself, in order. */
  keys: string[];
  /** The last key or folder that the page covers; absent on the last page. */
  upTo?: string;
}

interface Source {
  has(key: string): Promise<boolean>;
  /** The next page of a folder, behind `after`. */
  page(folder: string, after: string | undefined): Promise<Page>;
}

export function presence({ has, page }: Source): (key: string) => Promise<boolean> {
  const folders = new Map<string, ReturnType<typeof listing>>();
  return async (key) => {
    const folder = directory(key);
    let found = folders.get(folder);
    if (!found) folders.set(folder, (found = listing((after) => page(folder, after))));
    if ((found.asked += 1) <= ASKED_SINGLY) return has(key);
    return (await found.has(key)) ?? has(key);
  };
}

/** Each question reads at most one page more, so that a large folder costs no small archive its whole list. */
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
    asked: 0,
    /** Undefined for a key that the pages read so far do not cover. */
    async has(key: string): Promise<boolean | undefined> {
      if (!covers(key)) await (reading ??= read().finally(() => (reading = undefined)));
      return covers(key) ? keys.has(key) : undefined;
    },
  };
}
