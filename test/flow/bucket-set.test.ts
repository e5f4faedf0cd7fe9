// A labelled set in a bucket, over the wire: told apart from the same set in a folder only by its name.
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { openBucket } from "@sluice/core/label/bucket.ts";
import { readLabels, writeLabels } from "@sluice/labels/format/formats.ts";
import type { Sample } from "@sluice/labels/format/sample.ts";
import { scene } from "@sluice/labels/inspect/pictures.fixture.ts";
import { profileDataset } from "@sluice/labels/profile/profile.ts";
import { validateDataset } from "@sluice/labels/validate/validate.ts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type TestCloud, testCloud } from "../../packages/local/src/kernel/testing-cloud.ts";
import { s3 } from "../../packages/local/src/service/s3/plugin.ts";
import { mapConcurrently } from "@sluice/core/util/map-concurrently.ts";
import { countRequests } from "../support/requests.ts";

let cloud: TestCloud;
const Bucket = "labelled";
const PREFIX = "data/drawn/";
const NAMES = ["a b+c%20é.png", "sub/二.png"];

beforeAll(async () => {
  cloud = await testCloud({ plugins: [s3] });
  const { endpoint, region, credentials } = cloud.client;
  vi.stubEnv("AWS_ENDPOINT_URL", endpoint);
  vi.stubEnv("AWS_REGION", region);
  vi.stubEnv("AWS_ACCESS_KEY_ID", credentials.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey);
  const client = new S3Client(cloud.client);
  await client.send(new CreateBucketCommand({ Bucket }));
  const put = (Key: string, Body: string | Buffer) =>
    client.send(new PutObjectCommand({ Bucket, Key: PREFIX + Key, Body }));
  const boxes = [{ class: "tree", x: 10, y: 20, width: 30.5, height: 40 }];
  const items: Sample[] = NAMES.map((file) => ({ file, boxes, image: { width: 160, height: 120 } }));
  const written = new Map<string, string>();
  for await (const one of writeLabels("manifest", () => items, { base: `s3://${Bucket}/${PREFIX}` }))
    if ("text" in one) written.set(one.path, (written.get(one.path) ?? "") + one.text);
  for (const [path, text] of written) await put(path, text);
  for (const [seed, name] of NAMES.entries()) await put(name, await scene(seed));
  client.destroy();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await cloud.dispose();
});

test("URLs of a manifest in a bucket are read as paths below the prefix", async () => {
  const found = await Array.fromAsync(readLabels(openBucket(Bucket, PREFIX), {}));
  expect(found.map((one) => ("code" in one ? one : one.file))).toEqual(NAMES);
});

test("a dataset in a bucket is validated and profiled through ranges, pages and streams", async () => {
  const found = await profileDataset(openBucket(Bucket, PREFIX), {});
  expect(found).toMatchObject({
    name: `s3://${Bucket}/${PREFIX}`,
    files: { inspected: 2, missing: { count: 0 } },
    boxes: { total: 2 },
  });
  const problems = await Array.fromAsync(validateDataset(openBucket(Bucket, PREFIX), {}));
  expect(problems.map(({ code }) => code)).toEqual(["CLASS_WITH_FEW_EXAMPLES"]);
});

test("a missing bucket is an error", async () => {
  await expect(Array.fromAsync(openBucket("nowhere", "").list())).rejects.toMatchObject({
    message: expect.stringContaining("nowhere"),
  });
});

test("existing files are found with few requests, for any number of files and folders", async () => {
  // Only the listing is tested: a thousand uploads over the wire would take eight seconds.
  const put = (Key: string) =>
    cloud.kernel.call("s3", "PutObject", { Bucket, Key, Body: "x" }, { kind: "root" });
  // A page of the listing ends with a folder.
  const numbers = Array.from({ length: 1_100 }, (_, at) => String(at).padStart(4, "0"));
  await mapConcurrently(16, numbers, (at) => put(`many/${at}/in.jpg`));
  for (const at of ["0500", "1090"]) await put(`many/${at}.jpg`);
  const requests = countRequests(cloud);
  const set = openBucket(Bucket, "many/");
  const there = await mapConcurrently(16, numbers, (at) => set.has(`${at}.jpg`));
  expect(numbers.filter((_at, index) => there[index])).toEqual(["0500", "1090"]);
  expect(requests.get("ListObjectsV2")).toBeLessThan(5);
  expect(requests.get("HeadObject")).toBeLessThan(100);
});
