/** The most similar name. `undefined` if none is similar enough. */
export function nearestName(written: string, names: readonly string[]): string | undefined {
  const normalize = (name: string) =>
    name
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[\s_-]+/g, "");
  const scored = names.map((name) => ({ name, steps: distance(normalize(written), normalize(name)) }));
  const [best] = scored.toSorted((a, b) => a.steps - b.steps);
  return best && best.steps <= Math.max(1, Math.floor(written.length / 3)) ? best.name : undefined;
}

/** Levenshtein distance, row by row. */
function distance(a: string, b: string): number {
  if (Math.max(a.length, b.length) > 200) return Infinity;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
