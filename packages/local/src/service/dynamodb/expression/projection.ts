// ProjectionExpression: the parts of an item to return.
import { attribute, emptyItem, type Item, type Value } from "../value/value.ts";
import type { Path } from "./ast.ts";
import { parse, parsePath } from "./parser.ts";
import { checkNoOverlap } from "./path.ts";
import type { Placeholders } from "./placeholders.ts";

export function parseProjection(text: string, placeholders: Placeholders): Path[] {
  const paths = parse("ProjectionExpression", text, placeholders, (source) => {
    const paths = [parsePath(source)];
    while (source.take(",")) paths.push(parsePath(source));
    return paths;
  });
  checkNoOverlap("ProjectionExpression", paths);
  return paths;
}

/** The paths as a tree by name or position; an empty map means the whole value. */
type Wanted = Map<string | number, Wanted>;

export function projector(paths: Path[]): (item: Item) => Item {
  const root: Wanted = new Map();
  for (const path of paths) {
    let node = root;
    for (const part of path) {
      let next = node.get(part);
      if (!next) node.set(part, (next = new Map()));
      node = next;
    }
  }
  return (item) => projectMap(item, root) ?? emptyItem();
}

function projectMap(map: Item, wanted: Wanted): Item | undefined {
  const result = emptyItem();
  for (const [name, below] of wanted) {
    const value = attribute(map, String(name));
    const projected = value && projectValue(value, below);
    if (projected) result[String(name)] = projected;
  }
  return Object.keys(result).length > 0 ? result : undefined;
}

function projectValue(value: Value, wanted: Wanted): Value | undefined {
  if (wanted.size === 0) return value;
  const positions = typeof wanted.keys().next().value === "number";
  if ("M" in value && !positions) {
    const map = projectMap(value.M, wanted);
    return map && { M: map };
  }
  if ("L" in value && positions) {
    // Selected elements move up: their positions differ from those in the item.
    const projected = [...wanted]
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([position, below]) => {
        const entry = value.L[Number(position)];
        return entry && projectValue(entry, below);
      })
      .filter((entry) => entry !== undefined);
    return projected.length > 0 ? { L: projected } : undefined;
  }
  return undefined;
}
