// The captures of an hour, counted by runs whose time ends. The bucket is real (the embedded cloud).
import { S3Client } from "@aws-sdk/client-s3";
import { getModel } from "@sluice/core/model/model.ts";
import { captureFolders } from "@sluice/core/monitor/captures.ts";
import { collectWindow } from "@sluice/core/monitor/collect.ts";
import { HOUR_MS } from "@sluice/core/monitor/hour.ts";
import { testCloud, type TestCloud } from "@sluice/local/kernel/testing-cloud.ts";
import { s3 as s3Plugin } from "@sluice/local/service/s3/plugin.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { putCaptures } from "../support/captures.ts";

const model = "cats";
const version = "aaaaaaaaaaaa";
let cloud: TestCloud;
let bucket: { s3: S3Client; results: string };

beforeAll(async () => {
  const results = { name: "Results", type: "aws:s3/bucket:Bucket", inputs: { bucket: "results" } };
  cloud = await testCloud({ plugins: [s3Plugin], graph: { resources: [results] } });
  process.env["SST_RESOURCE_App"] = JSON.stringify({ name: "sluice", stage: "test" });
  process.env["SST_RESOURCE_ResultsBucket"] = JSON.stringify({ name: "results" });
  Object.assign(process.env, cloud.environment);
  bucket = { s3: new S3Client({}), results: "results" };
});
afterAll(() => cloud.dispose());

test("an hour with too many captures for one run is counted over several, each capture once", async () => {
  const at = Date.parse("2026-11-09T10:00:00Z");
  for (let file = 0; file < 24; file++)
    await putCaptures(bucket, { model, version, count: 2, at: at + file * 10_000, name: `many${file}` });
  // Captured again: in another file, and in another run.
  await putCaptures(bucket, { model, version, count: 2, at: at + 5_000, name: "many23" });
  const folders = await captureFolders(model);
  /** A run ends after as many looks at the clock: one for each file. */
  const run = (looks: number) => {
    const scope = { model: getModel(model), version, temperature: 1, folders, expired: () => looks-- <= 0 };
    return collectWindow(scope, { from: at, to: at + HOUR_MS, now: at + 2 * HOUR_MS });
  };
  let runs = 1;
  let counted = await run(10);
  for (; !counted && runs < 10; runs++) counted = await run(10);
  expect(runs).toBeGreaterThan(2);
  expect(counted).toMatchObject({ duplicates: 2, malformed: 0 });
  expect(counted!.window.count).toBe(48);
  // The complete hour is stored: one look is enough.
  expect((await run(1))!.window.toJSON()).toEqual(counted!.window.toJSON());
});
