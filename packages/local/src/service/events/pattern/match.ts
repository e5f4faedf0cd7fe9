// Does an event match? Values that come from elements of one array must come from the same element of it.
import { compilePattern, type Alternative } from "./compile.ts";
import type { Leaf, Test } from "./operators.ts";

export { PatternError } from "./error.ts";

/** Which element of which array (by the array's own position in the event) a value lies in. */
type Place = ReadonlyMap<string, number>;
interface Found {
  value: Leaf;
  place: Place;
}
type Flat = Map<string, Found[]>;

export function compile(source: string): (event: unknown) => boolean {
  const alternatives = compilePattern(source);
  return (event) => {
    const flat: Flat = new Map();
    flatten(event, "", "", new Map(), flat);
    return alternatives.some((conditions) => satisfies(conditions, 0, flat, new Map()));
  };
}

function flatten(value: unknown, path: string, position: string, place: Place, into: Flat) {
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries())
      flatten(element, path, `${position}[${index}]`, new Map([...place, [position, index]]), into);
  } else if (value !== null && typeof value === "object") {
    for (const [key, member] of Object.entries(value))
      flatten(member, path ? `${path}.${key}` : key, `${position}.${key}`, place, into);
  } else {
    const found = into.get(path) ?? [];
    found.push({ value: value as Leaf, place });
    into.set(path, found);
  }
}

function satisfies(conditions: Alternative, at: number, flat: Flat, chosen: Place): boolean {
  const condition = conditions[at];
  if (!condition) return true;
  const candidates = flat.get(condition.path);
  if (!candidates)
    return condition.anyOf.some((test) => test.absent) && satisfies(conditions, at + 1, flat, chosen);
  return candidates.some((candidate) => {
    if (!agree(chosen, candidate.place) || !condition.anyOf.some((test) => accepts(test, candidate.value)))
      return false;
    return satisfies(conditions, at + 1, flat, new Map([...chosen, ...candidate.place]));
  });
}

const accepts = (test: Test, value: Leaf) => !test.absent && test.test(value);

function agree(chosen: Place, place: Place): boolean {
  for (const [array, index] of place) if ((chosen.get(array) ?? index) !== index) return false;
  return true;
}
