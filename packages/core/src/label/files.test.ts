import { HeadObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { requestFileUploads } from "./files.ts";

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

const presentOf = async (...paths: string[]) => {
  const files = paths.map((path) => ({ path, etag: "e" }));
  const { files: uploads } = await requestFileUploads({ model: "cats", files });
  return uploads.map(({ present }) => present);
};
const listed = (...paths: string[]) =>
  paths.map((path) => ({ Key: `data/cats/${path}`, ETag: path.startsWith("other") ? '"f"' : '"e"' }));

test("existing files are found with one list request", async () => {
  s3.on(ListObjectsV2Command).resolves({ Contents: listed("a/1.jpg", "a/2.jpg", "other.jpg") });
  expect(await presentOf("other.jpg", "a/2.jpg", "new.jpg", "a/1.jpg")).toEqual([false, true, false, true]);
  expect(s3.commandCalls(ListObjectsV2Command).map(({ args }) => args[0].input)).toEqual([
    { Bucket: "uploads", Prefix: "data/cats/", StartAfter: "data/cats/a/1.jp" },
  ]);
  expect(s3.commandCalls(HeadObjectCommand)).toEqual([]);
});

test("files that are far apart in a large folder are looked up one by one", async () => {
  s3.on(ListObjectsV2Command).resolves({ Contents: listed("a/1.jpg", "b.jpg"), IsTruncated: true });
  s3.on(HeadObjectCommand).rejects(
    Object.assign(new Error("gone"), { name: "NotFound", $metadata: { httpStatusCode: 404 } }),
  );
  s3.on(HeadObjectCommand, { Key: "data/cats/z/😀" }).resolves({ ETag: '"e"' });
  expect(await presentOf("a/1.jpg", "z/😀", "z/nobody.jpg")).toEqual([true, true, false]);
  expect(s3.commandCalls(ListObjectsV2Command)).toHaveLength(3);
  expect(s3.commandCalls(HeadObjectCommand)).toHaveLength(2);
});

test("files without an ETag need no request", async () => {
  const { files } = await requestFileUploads({ model: "cats", files: [{ path: "x.jpg" }] });
  expect(files).toEqual([{ path: "x.jpg", key: "data/cats/x.jpg", present: false }]);
  expect(s3.calls()).toEqual([]);
});
