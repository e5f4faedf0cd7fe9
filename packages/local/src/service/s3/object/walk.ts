// Lists the keys of a bucket in order, and groups keys with a delimiter into common prefixes. The query continues after a
// common prefix, so the cost of a page does not depend on the number of grouped keys.
export interface WalkOptions<Row> {
  prefix: string;
  delimiter: string;
  /** The first key. */
  from: string;
  limit: number;
  /** Rows with `from <= key < below`, in order. Without `below` there is no upper bound. */
  fetch(from: string, below: string | undefined, limit: number): Row[];
}

export interface WalkResult<Row> {
  rows: Row[];
  prefixes: string[];
  /** The first key of the next page; undefined at the end. */
  next?: string;
}

export function walkKeys<Row extends { key: string }>({
  prefix,
  delimiter,
  from,
  limit,
  fetch,
}: WalkOptions<Row>): WalkResult<Row> {
  const found: WalkResult<Row> = { rows: [], prefixes: [] };
  const below = prefix === "" ? undefined : successor(prefix);
  let start = compare(from, prefix) > 0 ? from : prefix;
  let room = limit;
  while (true) {
    const batch = fetch(start, below, room + 1);
    let jump: string | undefined;
    for (const row of batch) {
      const { key } = row;
      if (room === 0) return { ...found, next: key };
      room--;
      const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
      if (cut < 0) {
        found.rows.push(row);
        continue;
      }
      const common = key.slice(0, cut + delimiter.length);
      found.prefixes.push(common);
      jump = successor(common);
      break;
    }
    // No common prefix in the batch: it contained all remaining keys.
    if (jump === undefined) return found;
    start = jump;
  }
}

/** The smallest text that sorts after every text with this prefix. */
export function successor(prefix: string): string | undefined {
  const points = Array.from(prefix, (char) => char.codePointAt(0)!);
  while (points.length > 0) {
    const last = points.pop()!;
    if (last === 0x10ffff) continue;
    // Skip the surrogates, which UTF-8 text cannot contain.
    return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
  }
  return undefined;
}

/** The smallest text that sorts after this one. */
export const keyAfter = (key: string) => `${key}\0`;

/** Order by code points, as UTF-8. JavaScript's order differs beyond U+FFFF. */
export function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
