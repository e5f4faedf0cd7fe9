// Matches events. Values of one array must come from the same element.
import { compilePattern, type Alternative } from "./compile.ts";
import type { Leaf, ValueTest } from "./operators.ts";

export { PatternError } from "./error.ts";

/** The array elements that contain a value: index by the array's position in the event. */
type ArrayPositions = ReadonlyMap<string, number>;
interface FoundValue {
  value: Leaf;
  positions: ArrayPositions;
}
type FlatEvent = Map<string, FoundValue[]>;

export function compileMatcher(source: string): (event: unknown) => boolean {
  const alternatives = compilePattern(source);
  return (event) => {
    const flat: FlatEvent = new Map();
    flatten(event, "", "", new Map(), flat);
    return alternatives.some((conditions) => satisfies(conditions, 0, flat, new Map()));
  };
}

function flatten(value: unknown, path: string, position: string, positions: ArrayPositions, into: FlatEvent) {
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries())
      flatten(element, path, `${position}[${index}]`, new Map([...positions, [position, index]]), into);
  } else if (value !== null && typeof value === "object") {
    for (const [key, member] of Object.entries(value))
      flatten(member, path ? `${path}.${key}` : key, `${position}.${key}`, positions, into);
  } else {
    const found = into.get(path) ?? [];
    found.push({ value: value as Leaf, positions: positions });
    into.set(path, found);
  }
}

function satisfies(conditions: Alternative, at: number, flat: FlatEvent, chosen: ArrayPositions): boolean {
  const condition = conditions[at];
  if (!condition) return true;
  const candidates = flat.get(condition.path);
  if (!candidates)
    return condition.anyOf.some((test) => test.absent) && satisfies(conditions, at + 1, flat, chosen);
  return candidates.some((candidate) => {
    if (
      !compatible(chosen, candidate.positions) ||
      !condition.anyOf.some((test) => accepts(test, candidate.value))
    )
      return false;
    return satisfies(conditions, at + 1, flat, new Map([...chosen, ...candidate.positions]));
  });
}

const accepts = (test: ValueTest, value: Leaf) => !test.absent && test.test(value);

function compatible(chosen: ArrayPositions, positions: ArrayPositions): boolean {
  for (const [array, index] of positions) if ((chosen.get(array) ?? index) !== index) return false;
  return true;
}
