import { HeadObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { request } from "./files.ts";

const s3 = mockClient(S3Client);
vi.stubEnv("SST_RESOURCE_UploadsBucket", JSON.stringify({ name: "uploads" }));
vi.stubEnv("SST_RESOURCE_App", JSON.stringify({ name: "sluice", stage: "test" }));
vi.stubEnv("AWS_REGION", "eu-central-1");
vi.stubEnv("AWS_ACCESS_KEY_ID", "a");
vi.stubEnv("AWS_SECRET_ACCESS_KEY", "b");
afterAll(() => {
  vi.unstubAllEnvs();
  s3.restore();
});
beforeEach(() => s3.reset());

const ask = async (...paths: string[]) => {
  const files = paths.map((path) => ({ path, etag: "e" }));
  const { files: told } = await request({ model: "cats", files });
  return told.map(({ present }) => present);
};
const listed = (...paths: string[]) =>
  paths.map((path) => ({ Key: `data/cats/${path}`, ETag: path.startsWith("other") ? '"f"' : '"e"' }));

test("what is there is told by one list, not by a look at each", async () => {
  s3.on(ListObjectsV2Command).resolves({ Contents: listed("a/1.jpg", "a/2.jpg", "other.jpg") });
  expect(await ask("other.jpg", "a/2.jpg", "new.jpg", "a/1.jpg")).toEqual([false, true, false, true]);
  expect(s3.commandCalls(ListObjectsV2Command).map(({ args }) => args[0].input)).toEqual([
    { Bucket: "uploads", Prefix: "data/cats/", StartAfter: "data/cats/a/1.jp" },
  ]);
  expect(s3.commandCalls(HeadObjectCommand)).toEqual([]);
});

test("far apart among many others, the rest is looked up one by one", async () => {
  s3.on(ListObjectsV2Command).resolves({ Contents: listed("a/1.jpg", "b.jpg"), IsTruncated: true });
  s3.on(HeadObjectCommand).rejects(
    Object.assign(new Error("gone"), { name: "NotFound", $metadata: { httpStatusCode: 404 } }),
  );
  s3.on(HeadObjectCommand, { Key: "data/cats/z/😀" }).resolves({ ETag: '"e"' });
  expect(await ask("a/1.jpg", "z/😀", "z/nobody.jpg")).toEqual([true, true, false]);
  expect(s3.commandCalls(ListObjectsV2Command)).toHaveLength(3);
  expect(s3.commandCalls(HeadObjectCommand)).toHaveLength(2);
});

test("files nobody asks about cost nothing", async () => {
  const { files } = await request({ model: "cats", files: [{ path: "x.jpg" }] });
  expect(files).toEqual([{ path: "x.jpg", key: "data/cats/x.jpg", present: false }]);
  expect(s3.calls()).toEqual([]);
});
