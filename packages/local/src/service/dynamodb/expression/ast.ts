// The syntax trees of expressions, with placeholders resolved.
import type { Value } from "../value/value.ts";

/** Attribute names and list positions: `a.b[2]` is ["a", "b", 2]. */
export type Path = [string, ...(string | number)[]];

export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=";

export type Operand =
  | { kind: "path"; path: Path }
  | { kind: "value"; value: Value }
  | { kind: "call"; name: string; args: Operand[] };

export type Condition =
  | { kind: "compare"; operator: Comparator; left: Operand; right: Operand }
  | { kind: "between"; operand: Operand; low: Operand; high: Operand }
  | { kind: "in"; operand: Operand; list: Operand[] }
  | { kind: "and" | "or"; left: Condition; right: Condition }
  | { kind: "not"; inner: Condition }
  | { kind: "call"; name: string; args: Operand[] };

export type UpdateValue = Operand | { kind: "plus" | "minus"; left: Operand; right: Operand };

export interface Update {
  set: { path: Path; value: UpdateValue }[];
  remove: { path: Path }[];
  add: { path: Path; value: Value }[];
  delete: { path: Path; value: Value }[];
}

/** `[a, b, [2]]`, as AWS writes a path in its errors. */
export const describePath = (path: Path) =>
  `[${path.map((part) => (typeof part === "number" ? `[${part}]` : part)).join(", ")}]`;
