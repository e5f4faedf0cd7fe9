// Pools rare categories, so that every expected count is large enough for the chi-square distribution.

export type Column = readonly [first: number, second: number];

/** Empty categories are dropped. The pool takes the next rarest category while it is too small itself. */
export function poolRareCategories(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  minExpected: number,
): { columns: Column[]; pooled: number } {
  const columns = Array.from({ length: first.length }, (_, at): Column => [first[at]!, second[at]!]).filter(
    ([one, two]) => one + two > 0,
  );
  const [one, two] = sumColumns(columns);
  const smallerShare = Math.min(one, two) / (one + two);
  const isRare = (column: Column) => (column[0] + column[1]) * smallerShare < minExpected;
  const ascending = columns.toSorted((left, right) => left[0] + left[1] - right[0] - right[1]);
  let size = ascending.findIndex((column) => !isRare(column));
  if (size === -1) size = ascending.length;
  while (size > 0 && size < ascending.length && isRare(sumColumns(ascending.slice(0, size)))) size++;
  if (size < 2) return { columns, pooled: 0 };
  return { columns: [sumColumns(ascending.slice(0, size)), ...ascending.slice(size)], pooled: size };
}

const sumColumns = (columns: readonly Column[]): Column =>
  columns.reduce<Column>(([one, two], [a, b]) => [one + a, two + b], [0, 0]);
