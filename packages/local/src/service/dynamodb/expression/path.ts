// Reads documents by path, and rejects overlapping paths.
import { invalid } from "../error.ts";
import { attribute, type Item, type Value } from "../value/value.ts";
import { describePath, type Path } from "./ast.ts";

export function readPath(item: Item, [name, ...rest]: Path): Value | undefined {
  let value = attribute(item, name);
  for (const part of rest) value = value && readChild(value, part);
  return value;
}

export function readChild(value: Value, part: string | number): Value | undefined {
  if (typeof part === "number") return "L" in value ? value.L[part] : undefined;
  return "M" in value ? attribute(value.M, part) : undefined;
}

/** The paths of one expression must not overlap or conflict. */
export function checkNoOverlap(parameter: string, paths: Path[]) {
  const fail = (how: string, first: Path, second: Path) =>
    invalid(
      `Invalid ${parameter}: Two document paths ${how} with each other; must remove or rewrite one of these paths; path one: ${describePath(first)}, path two: ${describePath(second)}`,
    );
  for (const [i, second] of paths.entries()) {
    for (const first of paths.slice(0, i)) {
      const shared = Math.min(first.length, second.length);
      const fork = first.findIndex((part, at) => at < shared && part !== second[at]);
      if (fork === -1) throw fail("overlap", first, second);
      if (typeof first[fork] !== typeof second[fork]) throw fail("conflict", first, second);
    }
  }
}
