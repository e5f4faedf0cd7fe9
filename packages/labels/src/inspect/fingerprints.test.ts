import fc from "fast-check";
import { expect, test } from "vitest";
import { type Fingerprint, fingerprints } from "./fingerprints.ts";
import { groupMembers } from "./union-find.ts";

const groups = (prints: Fingerprint[], kind: "exact" | "near" = "near") => {
  const all = fingerprints();
  for (const one of prints) all.add(one);
  return [...groupMembers(all[kind]())];
};
const print = (sha256: string, hash?: string, rest: Partial<Fingerprint> = {}): Fingerprint => ({
  sha256,
  hash,
  ...rest,
});

test("equal files are one group", () => {
  expect(groups([print("a"), print("b"), print("a"), print("c"), print("b")], "exact")).toEqual([
    [0, 2],
    [1, 4],
  ]);
});

test("hashes that differ in six bits are similar, in seven not", () => {
  expect(
    groups([print("a", "ffff0000ffff0000"), print("b", "ffff0000ffff003f"), print("c", "00ff00ff00ff00ff")]),
  ).toEqual([[0, 1]]);
  expect(groups([print("a", "ffff0000ffff0000"), print("b", "ffff0000ffff007f")])).toEqual([]);
});

test("all pairs that differ in up to six bits are found, for any bits", () => {
  const hash = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
  const flips = fc.uniqueArray(fc.nat(63), { maxLength: 6 });
  fc.assert(
    fc.property(hash, flips, (one, places) => {
      const other = places.reduce((value, place) => value ^ (1n << BigInt(place)), one);
      const hex = (value: bigint) => value.toString(16).padStart(16, "0");
      expect(groups([print("a", hex(one)), print("b", hex(other))])).toEqual([[0, 1]]);
    }),
    { seed: 7, numRuns: 100 },
  );
});

test.each([
  [
    "by the time in their names",
    "garden/2026-01-02T03-04-05Z.jpg",
    "garden/2026-01-02T03-04-08Z.jpg",
    undefined,
  ],
  ["by a camera's own names", "IMG_20260102_030405.jpg", "IMG_20260102_030408.jpg", undefined],
  ["by the time in EXIF", "x.jpg", "y.jpg", 3_000],
])("a burst is one group %s", (_kind, first, second, apart) => {
  const [a, b] = ["ffff0000ffff0000", "ffff0000ffff0fff"];
  const at = (file: string, takenAt: number | undefined) => ({ file, ...(apart && { takenAt }) });
  expect(groups([print("1", a, at(first, 1e12)), print("2", b, at(second, 1e12 + (apart ?? 0)))])).toEqual([
    [0, 1],
  ]);
  const elsewhere = second.replace(/^(garden\/|IMG_)?/, "other/");
  expect(groups([print("1", a, at(first, 1e12)), print("2", b, at(elsewhere, 1e12 + (apart ?? 0)))])).toEqual(
    [],
  );
  const unlike = "0000ffff0000ffff";
  expect(
    groups([print("1", a, at(first, 1e12)), print("2", unlike, at(second, 1e12 + (apart ?? 0)))]),
  ).toEqual([]);
  expect(
    groups([
      print("1", a, at(first, 1e12)),
      print("2", b, at(second.replace("-04-08", "-05-08").replace("030408", "030508"), 1e12 + 60_000)),
    ]),
  ).toEqual([]);
});

test("a hundred thousand equal images are grouped without comparing all pairs", () => {
  const all = fingerprints();
  for (let at = 0; at < 100_000; at += 1)
    all.add(print(String(at), at % 2 ? "ffff0000ffff0000" : "0000ffff0000ffff"));
  expect([...groupMembers(all.near())].map((group) => group.length)).toEqual([50_000, 50_000]);
});
