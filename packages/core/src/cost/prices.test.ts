import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hourly, listed, prices } from "./prices.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sluice-prices-"));
});
afterEach(() => rm(folder, { recursive: true }));

function own(content: string) {
  const file = path.join(folder, "prices.json");
  writeFileSync(file, content);
  return file;
}

describe("prices", () => {
  it("of a file override the listed ones, part by part", () => {
    const mine = prices(own('{"date":"2027-01-31","region":"eu-west-1","hosting":{"ml.c7i.large":0.12}}'));
    expect(mine.hosting).toEqual({ ...listed.hosting, "ml.c7i.large": 0.12 });
    expect(mine).toMatchObject({ region: "eu-west-1", date: "2027-01-31", serverless: listed.serverless });
  });

  it.each([
    ["{", /is not JSON/],
    ['{"hosting":{"ml.c7i.large":-1}}', /hosting\.ml\.c7i\.large/],
    ['{"hostings":{}}', /hostings/],
    ['{"date":"yesterday"}', /date/],
  ])("that are invalid are an error with their field (%#)", (content, says) => {
    expect(() => prices(own(content))).toThrow(says);
  });

  it("are never guessed for an unknown instance", () => {
    expect(() => hourly(listed.hosting, "ml.p5.48xlarge")).toThrow(/No price is known for ml\.p5\.48xlarge/);
  });
});
