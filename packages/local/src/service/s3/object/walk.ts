// Walking the keys of a bucket in order, with everything below a delimiter folded into one common prefix. A folded
// prefix is skipped by its successor, so a page costs what it shows, not what it hides.
export interface WalkOptions<Row> {
  prefix: string;
  delimiter: string;
  /** The first key to look at. */
  from: string;
  limit: number;
  /** Rows with `from <= key < below`, in order; `below` is undefined where no text sorts after. */
  fetch(from: string, below: string | undefined, limit: number): Row[];
}

export interface WalkResult<Row> {
  rows: Row[];
  prefixes: string[];
  /** Where the next page starts; undefined at the end. */
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
    // Nothing was folded, so the batch held all that was left.
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
    // Between these two lie the surrogates, which no UTF-8 text holds.
    return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
  }
  return undefined;
}

/** The smallest text that sorts after this one. */
export const after = (key: string) => `${key}\0`;

/** By code points, as UTF-8 sorts; JavaScript's own order differs beyond U+FFFF. */
export function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
