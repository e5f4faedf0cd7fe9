// Which files are the same, nearly the same, or of one moment. Typed arrays throughout: a million files take about
// 60 MB, and no step compares each with each.
import { digest53 } from "../format/key-set.ts";
import { basename, directory } from "../format/path.ts";

export interface Fingerprint {
  /** Hex. */
  sha256: string;
  /** 16 hex digits, of what it looks like or says. */
  hash?: string;
  /** Its path: names often hold the camera and the time. */
  file?: string;
  /** Epoch ms, from the picture itself. */
  takenAt?: number;
}

/** For each file the first file of its group. */
export type Groups = Uint32Array;

/** Bits of 64. Unlike pictures are ten and more apart; the same one scaled, recompressed or brightened up to six. */
const ALIKE = 6;
/** Within one burst the scene moves a little: half of what chance gives. */
const ALIKE_IN_BURST = 16;
const BURST_MS = 5_000;
/** Of the files that share two bands each is compared with so many that follow it: only pictures with nothing in them crowd so. */
const COMPARED = 2_000;

export function fingerprints() {
  let capacity = 1_024;
  let count = 0;
  let [high, low] = [new Uint32Array(capacity), new Uint32Array(capacity)];
  /** Digests of content and camera, and the time; 0 for unknown. */
  let [content, camera, time] = [0, 0, 0].map(() => new Float64Array(capacity)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let hashed = new Uint8Array(capacity);
  const grown = <T extends Uint8Array | Uint32Array | Float64Array>(old: T): T => {
    const larger = new (old.constructor as new (length: number) => T)(capacity);
    larger.set(old);
    return larger;
  };

  return {
    get size() {
      return count;
    },
    /** Its number, from 0. */
    add({ sha256, hash, file, takenAt }: Fingerprint): number {
      if (count === capacity) {
        capacity *= 2;
        [high, low, hashed] = [grown(high), grown(low), grown(hashed)];
        [content, camera, time] = [grown(content), grown(camera), grown(time)];
      }
      content[count] = digest53(sha256);
      if (hash !== undefined) {
        high[count] = Number.parseInt(hash.slice(0, 8), 16);
        low[count] = Number.parseInt(hash.slice(8), 16);
        hashed[count] = 1;
      }
      const named = file === undefined ? undefined : momentIn(file);
      time[count] = takenAt ?? named?.at ?? 0;
      camera[count] = digest53(named?.camera ?? directory(file ?? ""));
      return count++;
    },
    /** Equal to the byte. */
    exact(): Groups {
      const { groups, join } = union(count);
      const order = sorted(
        select(count, () => true),
        content,
      );
      for (let at = 1; at < count; at += 1)
        if (content[order[at]!] === content[order[at - 1]!]) join(order[at - 1]!, order[at]!);
      return groups();
    },
    /** Equal, alike, or of one burst of the same camera. */
    near({ bits = ALIKE, burstMs = BURST_MS }: { bits?: number; burstMs?: number } = {}): Groups {
      const { groups, join } = union(count);
      const known = select(count, (at) => hashed[at] === 1);
      const apart = (a: number, b: number) => ones(high[a]! ^ high[b]!) + ones(low[a]! ^ low[b]!);
      const distinct = oneOfEach(sorted(known, high, low), high, low, join);
      alike(distinct, high, low, (a, b) => apart(a, b) <= bits && join(a, b));
      const timed = sorted(
        known.filter((at) => time[at] !== 0),
        camera,
        time,
      );
      for (let at = 1; at < timed.length; at += 1) {
        const [before, one] = [timed[at - 1]!, timed[at]!];
        if (camera[one] !== camera[before] || time[one]! - time[before]! > burstMs) continue;
        if (apart(before, one) <= ALIKE_IN_BURST) join(before, one);
      }
      return groups();
    },
  };
}

export type Fingerprints = ReturnType<typeof fingerprints>;

/** The groups of two and more, each in the order of its files. */
export function* members(groups: Groups): Generator<number[]> {
  const order = sorted(
    select(groups.length, () => true),
    groups,
  );
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && groups[order[to]!] === groups[order[from]!]) to += 1;
    if (to - from > 1) yield [...order.subarray(from, to)];
    from = to;
  }
}

/** `garden_2026-01-02T03-04-05Z.jpg`, `IMG_20260102_030405.jpg`: the time, and what is left of the name as the camera. */
function momentIn(file: string): { at: number; camera: string } | undefined {
  const pattern = /(\d{4})-?(\d\d)-?(\d\d)[T_ -]?(\d\d)[-:_.]?(\d\d)[-:_.]?(\d\d)(?:\.\d+)?Z?/;
  const name = basename(file);
  const found = pattern.exec(name);
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month > 12 || day > 31 || hour > 23 || minute > 59 || second > 59) return undefined;
  return {
    at: Date.UTC(year, month - 1, day, hour, minute, second),
    camera: directory(file) + name.slice(0, found.index),
  };
}

/** Union-find; a group goes by its first member, so that the order of joining does not show. */
function union(count: number) {
  const parent = Uint32Array.from({ length: count }, (_, at) => at);
  const find = (at: number) => {
    while (parent[at] !== at) at = parent[at] = parent[parent[at]!]!;
    return at;
  };
  const join = (a: number, b: number) => {
    const [one, other] = [find(a), find(b)];
    if (one !== other) parent[Math.max(one, other)] = Math.min(one, other);
  };
  return { join, groups: (): Groups => parent.map((_, at) => find(at)) };
}

type Columns = Array<Float64Array | Uint32Array>;

function select(count: number, wanted: (at: number) => boolean): Uint32Array {
  return Uint32Array.from({ length: count }, (_, at) => at).filter(wanted);
}

function sorted(indexes: Uint32Array, ...by: Columns): Uint32Array {
  return indexes.slice().sort((a, b) => {
    for (const values of by) if (values[a] !== values[b]) return values[a]! - values[b]!;
    return a - b;
  });
}

/** Of those with the same hash one stands for all, or a million black pictures would be compared with each other. */
function oneOfEach(
  order: Uint32Array,
  high: Uint32Array,
  low: Uint32Array,
  join: (a: number, b: number) => void,
): Uint32Array {
  let last = -1;
  return order.filter((at) => {
    if (last >= 0 && high[at] === high[last] && low[at] === low[last]) {
      join(last, at);
      return false;
    }
    last = at;
    return true;
  });
}

/** Hashes that differ in at most six bits agree in two of their eight bytes: only those that do are compared. */
function alike(
  items: Uint32Array,
  high: Uint32Array,
  low: Uint32Array,
  compare: (a: number, b: number) => void,
) {
  const byte = (at: number, which: number) =>
    ((which < 4 ? high[at]! : low[at]!) >>> ((which & 3) * 8)) & 0xff;
  const starts = new Uint32Array(65_537);
  const keys = new Uint16Array(items.length);
  const bucketed = new Uint32Array(items.length);
  for (let one = 0; one < 8; one += 1) {
    for (let other = one + 1; other < 8; other += 1) {
      starts.fill(0);
      for (let at = 0; at < items.length; at += 1) {
        keys[at] = (byte(items[at]!, one) << 8) | byte(items[at]!, other);
        starts[keys[at]! + 1]! += 1;
      }
      for (let key = 0; key < 65_536; key += 1) starts[key + 1]! += starts[key]!;
      const next = starts.slice();
      for (let at = 0; at < items.length; at += 1) bucketed[next[keys[at]!]!++] = items[at]!;
      for (let key = 0; key < 65_536; key += 1) {
        const end = starts[key + 1]!;
        for (let at = starts[key]!; at < end; at += 1)
          for (let then = at + 1; then < end && then - at <= COMPARED; then += 1)
            compare(bucketed[at]!, bucketed[then]!);
      }
    }
  }
}

function ones(word: number): number {
  let rest = word - ((word >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
