// Event patterns of any text are compiled or rejected. A compiled pattern can be matched with any event.
import fc from "fast-check";
import { test } from "vitest";
import { jsonLike, neverBreaks } from "../../../../../../test/support/fuzz.ts";
import { compileMatcher, PatternError } from "./match.ts";

const pattern = {
  source: ["a", { prefix: "b" }, { "equals-ignore-case": "C" }, { wildcard: "a*b" }, null],
  detail: {
    n: [{ numeric: [">", 0, "<=", 5] }, { "anything-but": [1, 2] }, { exists: false }],
    ip: [{ cidr: "10.0.0.0/24" }, { cidr: "::1/128" }, { suffix: "x" }, { "anything-but": { prefix: "a" } }],
  },
  $or: [{ a: [1] }, { b: [true] }],
};
const event = { source: "a", detail: { n: 3, ip: ["10.0.0.1", "::1"], __proto__: "x" }, a: [{ b: 1 }] };

test("patterns and events", async () => {
  await neverBreaks(
    fc.record({ text: jsonLike(pattern), seen: fc.oneof(fc.constant(event), fc.jsonValue({ maxDepth: 3 })) }),
    ({ text, seen }) => compileMatcher(text)(seen),
    (error) => error instanceof PatternError,
    600,
  );
});
