// Properties of parsers that read bytes of strangers. Seeded, so that a failure comes back with the same input.
import fc, { type Arbitrary } from "fast-check";
import { expect } from "vitest";

const SEED = 20_261_128;
const RUNS = 150;

/**
 * For every input, `parse` returns, or throws an error that `isOwn` accepts. It must not change a prototype.
 * Any other error fails the test with the smallest input that fast-check finds.
 */
export async function neverBreaks<T>(
  input: Arbitrary<T>,
  parse: (input: T) => unknown,
  isOwn: (error: any) => boolean,
  numRuns = RUNS,
) {
  const before = prototypes();
  await fc.assert(
    fc.asyncProperty(input, async (one) => {
      try {
        await parse(one);
      } catch (error) {
        if (!isOwn(error)) throw error;
      }
      expect(prototypes()).toEqual(before);
    }),
    { seed: SEED, numRuns },
  );
}

const prototypes = () =>
  [Object.prototype, Array.prototype, String.prototype].map(Object.getOwnPropertyNames);

/** A text of the grammar's own pieces in any order, mixed with others: it gets further than random characters. */
export const textOf = (...pieces: string[]): Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...pieces) },
        { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 4 }) },
        {
          weight: 1,
          arbitrary: fc.constantFrom("__proto__", "constructor", "\0", "\u{1f431}", "9".repeat(400)),
        },
      ),
      { maxLength: 24 },
    )
    .map((all) => all.join(""));

/** A valid input with a few of its bytes changed, removed or repeated, or its end cut off. */
export const damaged = (valid: Uint8Array | string): Arbitrary<Buffer> =>
  fc
    .array(
      fc.record({
        at: fc.nat(),
        do: fc.constantFrom("set", "remove", "repeat", "cut"),
        byte: fc.integer({ min: 0, max: 255 }),
        length: fc.integer({ min: 1, max: 64 }),
      }),
      { maxLength: 4 },
    )
    .map((changes) =>
      changes.reduce((bytes, change) => {
        const at = bytes.length === 0 ? 0 : change.at % bytes.length;
        const end = at + change.length;
        const middle = {
          set: [Buffer.from([change.byte]), bytes.subarray(at + 1)],
          remove: [bytes.subarray(end)],
          repeat: [bytes.subarray(at, end), bytes.subarray(at)],
          cut: [],
        }[change.do];
        return Buffer.concat([bytes.subarray(0, at), ...middle!]);
      }, Buffer.from(valid)),
    );

/** JSON as a hostile client may send it: any types, names of prototypes, a valid document with parts replaced. */
export const jsonLike = (valid: unknown): Arbitrary<string> =>
  fc.oneof(
    fc.json({ maxDepth: 4 }),
    damaged(JSON.stringify(valid)).map(String),
    fc.tuple(fc.nat(), HOSTILE).map(([at, value]) => JSON.stringify(replaceAt(valid, at, value))),
    fc.constantFrom("[", "{").map((open) => open.repeat(100_000)),
  );

const HOSTILE: Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown[]>(
    null,
    -1,
    1e308,
    "",
    [],
    {},
    JSON.parse('{"__proto__": {"polluted": true}}'),
    { constructor: { prototype: { polluted: true } } },
    "x".repeat(10_000),
  ),
);

/** The same document with the value at one of its places replaced. */
function replaceAt(valid: unknown, at: number, value: unknown): unknown {
  let left = at % placesIn(valid);
  const walk = (one: unknown): unknown => {
    if (left-- === 0) return value;
    if (Array.isArray(one)) return one.map(walk);
    if (one === null || typeof one !== "object") return one;
    return Object.fromEntries(Object.entries(one).map(([name, member]) => [name, walk(member)]));
  };
  return walk(valid);
}

const placesIn = (one: unknown): number =>
  1 +
  (one !== null && typeof one === "object"
    ? Object.values(one).reduce((sum: number, each) => sum + placesIn(each), 0)
    : 0);
