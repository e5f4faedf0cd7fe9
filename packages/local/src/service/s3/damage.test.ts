import { readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { CopyObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { testCloud, type TestCloud } from "../../kernel/testing-cloud.ts";
import { s3 } from "./plugin.ts";
import { expectErrorLog } from "../../../../../test/support/error-log.ts";

const Bucket = "box";
const MB = 1024 * 1024;
let cloud: TestCloud;
let client: S3Client;
beforeEach(async () => {
  cloud = await testCloud({
    plugins: [s3],
    graph: { resources: [{ name: "Box", type: "aws:s3/bucket:Bucket", inputs: { bucket: Bucket } }] },
  });
  client = new S3Client({ ...cloud.client, maxAttempts: 1, forcePathStyle: true });
});
afterEach(async () => {
  client.destroy();
  await cloud.dispose();
});

const put = (Key: string, Body: string | Buffer) => client.send(new PutObjectCommand({ Bucket, Key, Body }));
const get = async (Key: string, Range?: string) =>
  (await client.send(new GetObjectCommand({ Bucket, Key, Range }))).Body!.transformToString();
const bodies = () =>
  readdirSync(path.join(cloud.dir, "s3/bodies"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));

test.each([
  [
    "is shorter than its record states",
    (file: string) => truncateSync(file, 3),
    /has 3 bytes, its record states 5/,
  ],
  [
    "is longer than its record states",
    (file: string) => truncateSync(file, 9),
    /has 9 bytes, its record states 5/,
  ],
  ["is missing", (file: string) => rmSync(file), /is missing, its record states 5/],
])("reading, range-reading or copying an object whose body %s fails at once", async (_, damage, message) => {
  await put("k", "hello");
  damage(bodies()[0]!);
  const refused = { name: "InternalError", message: expect.stringMatching(message) };
  await expect(get("k")).rejects.toMatchObject(refused);
  await expect(get("k", "bytes=0-0")).rejects.toMatchObject(refused);
  const copy = new CopyObjectCommand({ Bucket, Key: "copy", CopySource: `${Bucket}/k` });
  await expect(client.send(copy)).rejects.toMatchObject(refused);
  await put("k", "again");
  expect(await get("k")).toBe("again");
});

test("a body that is truncated while it is read breaks the connection at once", async () => {
  // More than the buffers between file and client can hold.
  await put("k", Buffer.alloc(64 * MB));
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: "k" }));
  truncateSync(bodies()[0]!, 40 * MB);
  await expect(text(Body as NodeJS.ReadableStream)).rejects.toThrow(/aborted/);
});

test("a body that cannot be written is a 503 with the reason, and leaves no file", async () => {
  expectErrorLog(/is not writable/);
  const incoming = path.join(cloud.dir, "s3/incoming");
  renameSync(incoming, `${incoming}.away`);
  // No user, not even root, can write below a file.
  writeFileSync(incoming, "");
  await expect(put("k", "hello")).rejects.toMatchObject({
    name: "ServiceUnavailable",
    message: expect.stringContaining(`${cloud.dir} is not writable`),
    $metadata: expect.objectContaining({ httpStatusCode: 503 }),
  });
  rmSync(incoming);
  renameSync(`${incoming}.away`, incoming);
  await put("k", "hello");
  expect(await get("k")).toBe("hello");
  expect(bodies()).toHaveLength(1);
  expect(cloud.problems).toEqual([expect.stringMatching(/is not writable/)]);
});
