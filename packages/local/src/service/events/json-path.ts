// EventBridge's subset of JSONPath: `$`, members by dot or bracket, and single array indexes.
import { validation } from "./error.ts";

const STEP = /\.([^.[\]]+)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]/y;

export function checkPath(path: string, where: string) {
  if (steps(path) === undefined) throw validation(`Invalid JSONPath "${path}" in ${where}.`);
}

/** Undefined when the path does not exist. */
export function valueAt(root: unknown, path: string): unknown {
  let value = root;
  for (const step of steps(path) ?? []) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

function steps(path: string): string[] | undefined {
  if (!path.startsWith("$")) return undefined;
  const found: string[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < path.length) {
    const match = STEP.exec(path);
    if (!match) return undefined;
    found.push((match[1] ?? match[2] ?? match[3] ?? match[4])!);
  }
  return found;
}
