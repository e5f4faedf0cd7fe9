// Patterns and events with the verdict that EventBridge's user guide states, by operator.
export interface Case {
  name: string;
  pattern: string;
  event: unknown;
  expect: boolean | "error";
}

const detail = (value: unknown) => ({ source: "shop", detail: value });
const of = (name: string, pattern: unknown, event: unknown, verdict: boolean | "error"): Case => ({
  name,
  pattern: JSON.stringify(pattern),
  event,
  expect: verdict,
});

export const ownCases: Case[] = [
  of("a string", { source: ["shop"] }, detail({}), true),
  of("another string", { source: ["bank"] }, detail({}), false),
  of("one of several", { source: ["bank", "shop"] }, detail({}), true),
  of("letter case counts", { source: ["Shop"] }, detail({}), false),
  of("a missing field", { account: ["1"] }, detail({}), false),
  of("null", { detail: { a: [null] } }, detail({ a: null }), true),
  of("null is not the empty string", { detail: { a: [null] } }, detail({ a: "" }), false),
  of("the empty string", { detail: { a: [""] } }, detail({ a: "" }), true),
  of("a boolean", { detail: { a: [true] } }, detail({ a: true }), true),
  of("a boolean is not its name", { detail: { a: [true] } }, detail({ a: "true" }), false),
  of("a number", { detail: { a: [1.5] } }, detail({ a: 1.5 }), true),
  of("an array holds it", { detail: { a: ["x"] } }, detail({ a: ["w", "x"] }), true),
  of("an array without it", { detail: { a: ["x"] } }, detail({ a: ["w"] }), false),
  of("an empty array", { detail: { a: ["x"] } }, detail({ a: [] }), false),
  of("prefix", { detail: { a: [{ prefix: "ab" }] } }, detail({ a: "abc" }), true),
  of("not the prefix", { detail: { a: [{ prefix: "b" }] } }, detail({ a: "abc" }), false),
  of("prefix of a number", { detail: { a: [{ prefix: 1 }] } }, detail({ a: "1" }), "error"),
  of("suffix", { detail: { a: [{ suffix: ".png" }] } }, detail({ a: "x.png" }), true),
  of("not the suffix", { detail: { a: [{ suffix: ".png" }] } }, detail({ a: "x.jpg" }), false),
  of("equals-ignore-case", { detail: { a: [{ "equals-ignore-case": "ABC" }] } }, detail({ a: "abc" }), true),
  of("wildcard", { detail: { a: [{ wildcard: "a*c" }] } }, detail({ a: "abbc" }), true),
  of("two stars in a row", { detail: { a: [{ wildcard: "a**c" }] } }, detail({ a: "abc" }), "error"),
  of("anything-but", { detail: { a: [{ "anything-but": "x" }] } }, detail({ a: "y" }), true),
  of("anything-but, the same", { detail: { a: [{ "anything-but": "x" }] } }, detail({ a: "x" }), false),
  of("anything-but needs the field", { detail: { a: [{ "anything-but": "x" }] } }, detail({}), false),
  of("anything-but a list", { detail: { a: [{ "anything-but": [1, 2] }] } }, detail({ a: 2 }), false),
  of(
    "anything-but a prefix",
    { detail: { a: [{ "anything-but": { prefix: "x" } }] } },
    detail({ a: "xy" }),
    false,
  ),
  of("a range", { detail: { a: [{ numeric: [">", 0, "<=", 5] }] } }, detail({ a: 5 }), true),
  of("outside a range", { detail: { a: [{ numeric: [">", 0, "<=", 5] }] } }, detail({ a: 0 }), false),
  of("an unknown comparison", { detail: { a: [{ numeric: ["~", 1] }] } }, detail({ a: 1 }), "error"),
  of(
    "an address in a block",
    { detail: { a: [{ cidr: "10.0.0.0/24" }] } },
    detail({ a: "10.0.0.255" }),
    true,
  ),
  of("an address outside", { detail: { a: [{ cidr: "10.0.0.0/24" }] } }, detail({ a: "10.0.1.0" }), false),
  of("exists", { detail: { a: [{ exists: true }] } }, detail({ a: null }), true),
  of("exists not", { detail: { a: [{ exists: false }] } }, detail({}), true),
  of("exists not, but does", { detail: { a: [{ exists: false }] } }, detail({ a: 1 }), false),
  of("all fields", { source: ["shop"], detail: { a: [1] } }, detail({ a: 2 }), false),
  of("$or", { $or: [{ source: ["bank"] }, { detail: { a: [1] } }] }, detail({ a: 1 }), true),
  of("$or, neither", { $or: [{ source: ["bank"] }, { detail: { a: [1] } }] }, detail({ a: 2 }), false),
  of("a value without brackets", { source: "shop" }, detail({}), "error"),
  { name: "no JSON", pattern: "{", event: {}, expect: "error" },
];
