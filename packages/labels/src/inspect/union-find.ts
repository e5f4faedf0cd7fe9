// Groups of numbered items (union-find), and sorting of typed arrays.

/** For each item, the first item of its group. */
export type Groups = Uint32Array;

/** The first member identifies a group, whatever the order of joins. */
export function unionFind(count: number) {
  const parent = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) parent[at] = at;
  const find = (at: number) => {
    while (parent[at] !== at) at = parent[at] = parent[parent[at]!]!;
    return at;
  };
  const join = (a: number, b: number) => {
    const [one, other] = [find(a), find(b)];
    if (one !== other) parent[Math.max(one, other)] = Math.min(one, other);
  };
  return {
    join,
    groups(): Groups {
      for (let at = 0; at < count; at += 1) parent[at] = find(at);
      return parent;
    },
  };
}

/** Groups of two or more, with sorted members. */
export function* groupMembers(groups: Groups): Generator<number[]> {
  const order = sortIndexes(
    selectIndexes(groups.length, () => true),
    groups,
  );
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && groups[order[to]!] === groups[order[from]!]) to += 1;
    if (to - from > 1) yield [...order.subarray(from, to)];
    from = to;
  }
}

/** `filter` of a typed array would first collect a million numbers in an ordinary array. */
export function selectIndexes(count: number, wanted: (at: number) => boolean): Uint32Array {
  const found = new Uint32Array(count);
  let length = 0;
  for (let at = 0; at < count; at += 1) if (wanted(at)) found[length++] = at;
  return found.subarray(0, length);
}

/** Sorts in place. */
export function sortIndexes(indexes: Uint32Array, ...by: Array<Float64Array | Uint32Array>): Uint32Array {
  return indexes.sort((a, b) => {
    for (const values of by) if (values[a] !== values[b]) return values[a]! - values[b]!;
    return a - b;
  });
}
