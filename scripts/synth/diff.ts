import type { Lock } from "./lock.ts";

/** What a deploy would change, in words: an `sst diff` that needs no AWS. */
export function difference(before: Lock, after: Lock): string[] {
  return [
    ...compare(byName(before), byName(after), "resource"),
    ...compare(before.functions, after.functions, "function source"),
  ];
}

const byName = ({ resources }: Lock) =>
  Object.fromEntries(resources.map(({ name, type, inputs }) => [name, { type, ...inputs }]));

function compare(before: Record<string, unknown>, after: Record<string, unknown>, what: string): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names.flatMap((name) => {
    if (!(name in before)) return [`+ ${what} ${name}`];
    if (!(name in after)) return [`- ${what} ${name}`];
    return fields(before[name], after[name], name).map((change) => `~ ${change}`);
  });
}

function fields(before: unknown, after: unknown, path: string): string[] {
  const [one, other] = [document(before), document(after)];
  if (isObject(one) && isObject(other)) {
    const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    return keys.flatMap((key) => fields(one[key], other[key], `${path}.${key}`));
  }
  return JSON.stringify(one) === JSON.stringify(other) ? [] : [`${path}: ${shown(one)} -> ${shown(other)}`];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
const shown = (value: unknown) => (value === undefined ? "(none)" : JSON.stringify(value));

/** Policies are JSON inside strings: compared by their content. */
function document(value: unknown): unknown {
  if (typeof value !== "string" || !value.startsWith('{"')) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
