// One table for all entities. infra/table.ts declares the same key attributes.
export const table = {
  pk: "pk",
  sk: "sk",
  gsi1: { index: "gsi1", pk: "gsi1pk", sk: "gsi1sk" },
  gsi2: { index: "gsi2", pk: "gsi2pk", sk: "gsi2sk" },
  gsi3: { index: "gsi3", pk: "gsi3pk", sk: "gsi3sk" },
  gsi4: { index: "gsi4", pk: "gsi4pk", sk: "gsi4sk" },
} as const;

export const service = "sluice";

/** The day of an ISO instant, such as `2026-11-21`: the bucket of indexes by time. */
export const dayOf = (iso: string) => iso.slice(0, 10);
