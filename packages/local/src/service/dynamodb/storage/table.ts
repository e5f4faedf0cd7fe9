// A table's definition: keys, indexes and settings.
export interface KeyAttribute {
  name: string;
  type: "S" | "N" | "B";
}

export interface KeySchema {
  hash: KeyAttribute;
  range?: KeyAttribute;
}

export interface Projection {
  type: "ALL" | "KEYS_ONLY" | "INCLUDE";
  /** For INCLUDE: the attributes besides the keys. */
  attributes: string[];
}

export interface Index {
  name: string;
  kind: "global" | "local";
  key: KeySchema;
  projection: Projection;
}

export interface Throughput {
  read: number;
  write: number;
}

export interface Definition {
  name: string;
  key: KeySchema;
  indexes: Index[];
  /** Undefined when on demand. */
  throughput?: Throughput;
  /** The attribute that holds the time, in epoch seconds, after which an item is deleted. */
  ttl?: string;
  tags: Record<string, string>;
  deletionProtection: boolean;
  pointInTimeRecovery: boolean;
}

export interface Table extends Definition {
  id: number;
  /** Milliseconds since the epoch. */
  created: number;
}

export const keyAttributes = ({ hash, range }: KeySchema): KeyAttribute[] => (range ? [hash, range] : [hash]);

export const isKey = (schema: KeySchema, name: string) =>
  schema.hash.name === name || schema.range?.name === name;

/** The attributes that identify an entry: the index's key, then the table's. */
export const entryKeyNames = (table: Table, index?: Index): string[] => [
  ...new Set(
    [...(index ? keyAttributes(index.key) : []), ...keyAttributes(table.key)].map((key) => key.name),
  ),
];
