// Groups of numbered things, and the orders they are found in.

/** For each thing the first of its group. */
export type Groups = Uint32Array;

/** Union-find; a group goes by its first member, so that the order of joining does not show. */
export function union(count: number) {
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

/** The groups of two and more, each in the order of its members. */
export function* members(groups: Groups): Generator<number[]> {
  const order = ordered(
    selected(groups.length, () => true),
    groups,
  );
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && groups[order[to]!] === groups[order[from]!]) to += 1;
    if (to - from > 1) yield [...order.subarray(from, to)];
    from = to;
  }
}

/** `filter` of a typed array would gather a million numbers in an ordinary one first. */
export function selected(count: number, wanted: (at: number) => boolean): Uint32Array {
  const found = new Uint32Array(count);
  let length = 0;
  for (let at = 0; at < count; at += 1) if (wanted(at)) found[length++] = at;
  return found.subarray(0, length);
}

/** Sorted where they lie. */
export function ordered(indexes: Uint32Array, ...by: Array<Float64Array | Uint32Array>): Uint32Array {
  return indexes.sort((a, b) => {
    for (const values of by) if (values[a] !== values[b]) return values[a]! - values[b]!;
    return a - b;
  });
}
