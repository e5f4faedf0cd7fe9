import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hourlyPrice, DEFAULT_PRICES, readPrices } from "./prices.ts";

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
    const mine = readPrices(
      own('{"date":"2027-01-31","region":"eu-west-1","hosting":{"ml.c7i.large":0.12}}'),
    );
    expect(mine.hosting).toEqual({ ...DEFAULT_PRICES.hosting, "ml.c7i.large": 0.12 });
    expect(mine).toMatchObject({
      region: "eu-west-1",
      date: "2027-01-31",
      serverless: DEFAULT_PRICES.serverless,
    });
  });

  it.each([
    ["{", /is not JSON/],
    ['{"hosting":{"ml.c7i.large":-1}}', /hosting\.ml\.c7i\.large/],
    ['{"hostings":{}}', /hostings/],
    ['{"date":"yesterday"}', /date/],
  ])("that are invalid are an error with their field (%#)", (content, says) => {
    expect(() => readPrices(own(content))).toThrow(says);
  });

  it("are never guessed for an unknown instance", () => {
    expect(() => hourlyPrice(DEFAULT_PRICES.hosting, "ml.p5.48xlarge")).toThrow(
      /No price is known for ml\.p5\.48xlarge/,
    );
  });
});
