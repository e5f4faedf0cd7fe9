import type { Lock } from "./lock.ts";

/** Describes what a deployment would change, as `sst diff` does, without AWS. */
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
  const [one, other] = [comparable(before), comparable(after)];
  if (isObject(one) && isObject(other)) {
    const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    return keys.flatMap((key) => fields(one[key], other[key], `${path}.${key}`));
  }
  if (JSON.stringify(one) === JSON.stringify(other)) return [];
  const [, whole, member] = /^(.*?)\.(Allow .*|Deny .*)$/.exec(path) ?? [];
  if (member) return [`${whole} ${other === undefined ? "no longer" : "now"}: ${member}`];
  return [`${path}: ${shown(one)} -> ${shown(other)}`];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
const shown = (value: unknown) => (value === undefined ? "(none)" : JSON.stringify(value));

/** Compares JSON documents in strings by content, and policies by their permissions in any order. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) {
    return Object.fromEntries(value.map((item) => [item, true]));
  }
  const parsed = typeof value === "string" && value.startsWith('{"') ? parse(value) : value;
  return isObject(parsed) && Array.isArray(parsed["Statement"])
    ? grants(parsed["Statement"] as Statement[])
    : parsed;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource?: string | string[];
  Principal?: unknown;
  Condition?: unknown;
}

function grants(statements: Statement[]): Record<string, true> {
  const lines = statements.flatMap(({ Effect, Action, Resource = [], Principal, Condition }) => {
    const limits = [
      Principal && `to ${JSON.stringify(Principal)}`,
      Condition && `if ${JSON.stringify(Condition)}`,
    ];
    const resources = [Resource].flat();
    return [Action]
      .flat()
      .flatMap((action) =>
        (resources.length > 0 ? resources : ["itself"]).map((resource) =>
          [Effect, action, "on", resource, ...limits].filter(Boolean).join(" "),
        ),
      );
  });
  return Object.fromEntries(lines.map((line) => [line, true]));
}
