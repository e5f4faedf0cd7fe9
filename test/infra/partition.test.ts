// The app also runs in GovCloud and in China, where ARNs begin with another partition.
import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { inProject } from "../../scripts/synth/project.ts";

/** The embedded AWS has one partition. */
const LOCAL = /^packages\/local\/|\.test\.ts$|\/testing\.ts$/;

const sources = globSync("{infra,packages/*,containers/*}/**/*.{ts,tsx,py}", {
  cwd: inProject(""),
  exclude: (name) => /node_modules|^dist$/.test(name),
}).filter((file) => !LOCAL.test(file));

it("is not written into any source", () => {
  expect(sources.length).toBeGreaterThan(300);
  const written = sources.filter((file) => /\barn:aws\b/.test(readFileSync(inProject(file), "utf8")));
  expect(written).toEqual([]);
});
