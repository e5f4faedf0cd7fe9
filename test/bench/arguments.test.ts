import { describe, expect, test } from "vitest";
import { measurements } from "../../bench/main.ts";
import { parseArguments, UsageError } from "../../bench/run/arguments.ts";
import { helpOf } from "../../bench/run/help.ts";

const selected = (...args: string[]) => parseArguments(args, measurements).selected;
const all = Object.keys(measurements);

describe("the arguments of a bench", () => {
  test("select every measurement at its size", () => {
    expect(selected()).toEqual(all.map((name) => ({ name, size: measurements[name]!.size })));
  });

  test("--small selects every measurement at its small size", () => {
    expect(selected("--small")).toEqual(all.map((name) => ({ name, size: measurements[name]!.small })));
  });

  test("a size belongs to the name before it", () => {
    expect(selected("crash", "burst", "200", "boxes")).toEqual([
      { name: "crash", size: measurements["crash"]!.size },
      { name: "burst", size: 200 },
      { name: "boxes", size: measurements["boxes"]!.size },
    ]);
  });

  test.each([
    [["nothing"], /^There is no measurement "nothing"\. There are: start, .*boxes/],
    [["toString"], /^There is no measurement "toString"/],
    [["burst", "0"], /^"0" is not a size of "burst"\. .* counts uploads\.$/],
    [["burst", "1.5"], /^"1\.5" is not a size/],
    [["burst", "1e3"], /^"1e3" is not a size/],
    [["burst", "99999999999999999999"], /is not a size/],
    [["200", "burst"], /^A size follows the name of its measurement: "200" does not/],
    [["burst", "200", "300"], /^A size follows the name of its measurement: "300" does not/],
    [["burst", "200", "--small"], /^Give "burst" either a size or --small/],
    [["--tiny"], /^Unknown option '--tiny'/],
    [["burst", "-1"], /^Unknown option '-1'/],
  ])("%j is rejected", (args, message) => {
    expect(() => parseArguments(args, measurements)).toThrow(UsageError);
    expect(() => parseArguments(args, measurements)).toThrow(message);
  });

  test("the help has one line for each measurement, with what its size counts", () => {
    const lines = helpOf(measurements).split("\n");
    for (const [name, { what, unit }] of Object.entries(measurements)) {
      const own = lines.filter((line) => line.startsWith(`  ${name} `));
      expect(own).toHaveLength(1);
      expect(own[0]).toContain(what);
      expect(own[0]).toContain(unit);
    }
  });
});
