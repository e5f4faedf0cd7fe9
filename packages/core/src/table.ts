// One table for all entities. infra/table.ts declares the same key attributes.

type Names = readonly string[];

const key = <const Field extends string, const Composite extends Names>(field: Field, composite: Composite) =>
  ({ field, composite, casing: "none" }) as const;

/** The attributes of the partition key and of the sort key, in the table itself. */
export const primary = <const Pk extends Names, const Sk extends Names>(pk: Pk, sk: Sk) => ({
  pk: key("pk", pk),
  sk: key("sk", sk),
});

const secondary =
  <const Index extends string>(index: Index) =>
  <const Pk extends Names, const Sk extends Names>(pk: Pk, sk: Sk) => ({
    index,
    pk: key(`${index}pk`, pk),
    sk: key(`${index}sk`, sk),
  });

export const gsi1 = secondary("gsi1");
export const gsi2 = secondary("gsi2");
export const gsi3 = secondary("gsi3");
export const gsi4 = secondary("gsi4");

export const service = "sluice";

/** The day of an ISO instant, such as `2026-11-21`: the bucket of indexes by time. */
export const dayOf = (iso: string) => iso.slice(0, 10);
