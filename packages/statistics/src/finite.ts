// Missing numbers must be counted by the caller: inside a statistic they would change its result without a trace.

export function requireFinite(values: ArrayLike<number>, name: string): void {
  for (let at = 0; at < values.length; at++)
    if (!Number.isFinite(values[at]))
      throw new RangeError(
        `\`${name}\` has ${values[at]} at position ${at}. Remove values that are not finite numbers first.`,
      );
}

/** Counts: whole numbers from 0. */
export function requireCounts(counts: ArrayLike<number>, name: string): void {
  for (let at = 0; at < counts.length; at++)
    if (!Number.isSafeInteger(counts[at]) || counts[at]! < 0)
      throw new RangeError(
        `\`${name}\` has ${counts[at]} at position ${at}; a count is a whole number from 0.`,
      );
}

export function requireSameLength(
  first: ArrayLike<unknown>,
  second: ArrayLike<unknown>,
  names: string,
): void {
  if (first.length === second.length) return;
  throw new RangeError(`${names} must have one length; they have ${first.length} and ${second.length}.`);
}
