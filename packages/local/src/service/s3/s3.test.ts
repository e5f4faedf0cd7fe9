import { readdirSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { testKernel, type TestKernel } from "../../kernel/testing.ts";
import { s3 } from "./plugin.ts";

let kernel: TestKernel;
afterEach(() => kernel.dispose());

const DAY = 86_400_000;
const Bucket = "box";
const declare = (settings: Array<[type: string, inputs: object]> = []) => ({
  resources: [
    { name: "Box", type: "aws:s3/bucket:Bucket", inputs: { bucket: Bucket } },
    ...settings.map(([type, inputs], index) => ({
      name: `Setting${index}`,
      type,
      inputs: { bucket: Bucket, ...inputs },
    })),
  ],
});
const VERSIONED: [string, object] = [
  "aws:s3/bucketVersioning:BucketVersioning",
  { versioningConfiguration: { status: "Enabled" } },
];
const NOTIFIED: [string, object] = ["aws:s3/bucketNotification:BucketNotification", { eventbridge: true }];
const start = async (...settings: Array<[string, object]>) => {
  kernel = await testKernel({ plugins: [s3], graph: declare(settings) });
};
const call = (operation: string, input: object = {}) => kernel.call("s3", operation, { Bucket, ...input });
const put = (Key: string, Body: unknown = "hello") => call("PutObject", { Key, Body });
const read = async (Key: string, more: object = {}) => text((await call("GetObject", { Key, ...more })).Body);
const keys = async () => (await call("ListObjectsV2")).Contents.map(({ Key }: { Key: string }) => Key);
const files = () =>
  readdirSync(path.join(kernel.dir("s3"), "bodies"), { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile(),
  );

test("every way to create an object publishes an event, with the key unencoded", async () => {
  await start(VERSIONED, NOTIFIED);
  const Key = "uploads/a b+c%20é.jpg";
  const { VersionId, ETag } = await put(Key);
  await call("CopyObject", { Key: "copy", CopySource: `${Bucket}/${encodeURIComponent(Key)}` });
  const { UploadId } = await call("CreateMultipartUpload", { Key: "parts" });
  const part = await call("UploadPart", { Key: "parts", UploadId, PartNumber: 1, Body: "x" });
  const Parts = [{ PartNumber: 1, ETag: part.ETag }];
  await call("CompleteMultipartUpload", { Key: "parts", UploadId, MultipartUpload: { Parts } });
  expect(kernel.events.map(({ detail }) => detail.reason)).toEqual([
    "PutObject",
    "CopyObject",
    "CompleteMultipartUpload",
  ]);
  expect(kernel.events[0]).toEqual({
    source: "aws.s3",
    detailType: "Object Created",
    resources: ["arn:aws:s3:::box"],
    detail: {
      version: "0",
      bucket: { name: Bucket },
      object: {
        key: Key,
        size: 5,
        etag: ETag.replaceAll('"', ""),
        "version-id": VersionId,
        sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
      },
      "request-id": expect.any(String),
      requester: "000000000000",
      "source-ip-address": "127.0.0.1",
      reason: "PutObject",
    },
  });
  const sequencers = kernel.events.map(({ detail }) => (detail.object as { sequencer: string }).sequencer);
  expect(sequencers).toEqual(sequencers.toSorted());
});

test("deletions publish an event, with the deletion type", async () => {
  await start(VERSIONED, NOTIFIED);
  const { VersionId } = await put("k");
  const marker = await call("DeleteObject", { Key: "k" });
  await call("DeleteObject", { Key: "k", VersionId });
  const [, hidden, gone] = kernel.events;
  expect(hidden!.detail).toMatchObject({
    "deletion-type": "Delete Marker Created",
    object: { "version-id": marker.VersionId },
  });
  expect(gone!.detail).toMatchObject({
    "deletion-type": "Permanently Deleted",
    object: { "version-id": VersionId },
    reason: "DeleteObject",
  });
});

test("a bucket without EventBridge notifications publishes nothing", async () => {
  await start();
  await put("k");
  expect(kernel.events).toEqual([]);
});

test("overwriting an unversioned object deletes its body, after running reads", async () => {
  await start();
  await put("k", "old");
  const { Body } = await call("GetObject", { Key: "k" });
  await put("k", "new");
  expect(await text(Body)).toBe("old");
  expect(await read("k")).toBe("new");
  kernel = await kernel.restart();
  expect(files()).toHaveLength(1);
});

test("an incomplete or invalid body leaves no file", async () => {
  await start();
  const breaking = Readable.from(
    (async function* () {
      yield Buffer.from("half");
      throw new Error("connection lost");
    })(),
  );
  await expect(put("k", breaking)).rejects.toMatchObject({ code: "IncompleteBody" });
  await expect(call("PutObject", { Key: "k", Body: "x", ContentLength: 2 })).rejects.toMatchObject({
    code: "IncompleteBody",
  });
  await expect(
    call("PutObject", { Key: "k", Body: "x", ContentMD5: "AAAAAAAAAAAAAAAAAAAAAA==" }),
  ).rejects.toMatchObject({ code: "BadDigest" });
  expect(await keys()).toEqual([]);
  expect(files()).toEqual([]);
});

test("a write fails when its event cannot be stored", async () => {
  await start(NOTIFIED);
  const { deliver } = kernel;
  kernel.deliver = () => {
    throw new Error("disk full");
  };
  await expect(put("k")).rejects.toThrow("disk full");
  kernel.deliver = deliver;
  expect(await keys()).toEqual([]);
});

test("objects survive a restart, and unreferenced files are deleted", async () => {
  await start(VERSIONED);
  await put("k", "one");
  await put("k", "two");
  const { UploadId } = await call("CreateMultipartUpload", { Key: "parts" });
  await call("UploadPart", { Key: "parts", UploadId, PartNumber: 1, Body: "part" });
  // The state after a crash between writing a body and naming it.
  kernel.store.run("delete from s3_object where latest = 0");
  kernel = await kernel.restart();
  expect(await read("k")).toBe("two");
  expect(files()).toHaveLength(2);
  expect((await call("ListMultipartUploads")).Uploads).toMatchObject([{ Key: "parts", UploadId }]);
});

test("an object deleted during a conditional write is a conflict", async () => {
  await start();
  const { ETag } = await put("k");
  const body = Readable.from(
    (async function* () {
      yield Buffer.from("new");
      await call("DeleteObject", { Key: "k" });
    })(),
  );
  await expect(call("PutObject", { Key: "k", Body: body, IfMatch: ETag })).rejects.toMatchObject({
    code: "ConditionalRequestConflict",
    status: 409,
  });
});

test("lifecycle rules expire objects, old versions and unfinished uploads at midnight after their days", async () => {
  await start(VERSIONED, NOTIFIED, [
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
    {
      rules: [
        { id: "all", status: "Enabled", filter: { prefix: "tmp/" }, expiration: { days: 1 } },
        {
          id: "rest",
          status: "Enabled",
          noncurrentVersionExpiration: { noncurrentDays: 3 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 2 },
        },
        { id: "off", status: "Disabled", expiration: { days: 1 } },
      ],
    },
  ]);
  await kernel.clock.advance(DAY / 2);
  await put("tmp/a");
  await put("keep", "old");
  await put("keep", "new");
  const { UploadId } = await call("CreateMultipartUpload", { Key: "parts" });
  await call("UploadPart", { Key: "parts", UploadId, PartNumber: 1, Body: "x" });

  await kernel.clock.advance(DAY * 1.4);
  expect(await keys()).toEqual(["keep", "tmp/a"]);
  await kernel.clock.advance(DAY * 0.2);
  expect(await keys()).toEqual(["keep"]);
  expect(kernel.events.at(-1)!.detail).toMatchObject({
    reason: "Lifecycle Expiration",
    "deletion-type": "Delete Marker Created",
    object: { key: "tmp/a" },
  });
  await kernel.clock.advance(DAY);
  expect((await call("ListMultipartUploads")).Uploads).toEqual([]);
  await kernel.clock.advance(DAY * 4);
  const { Versions, DeleteMarkers } = await call("ListObjectVersions");
  expect(Versions).toMatchObject([{ Key: "keep", IsLatest: true }]);
  expect(DeleteMarkers).toEqual([]);
});

test("versions are listed in order, newest first, with any page size", async () => {
  await start(VERSIONED);
  const written: string[] = [];
  for (const Key of ["a", "a", "b", "a"]) written.push((await put(Key)).VersionId);
  const seen: string[] = [];
  let next: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (next) {
    const page = await call("ListObjectVersions", { MaxKeys: 1, ...next });
    seen.push(...page.Versions.map(({ VersionId }: { VersionId: string }) => VersionId));
    next = page.IsTruncated
      ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
      : undefined;
  }
  expect(seen).toEqual([written[3], written[1], written[0], written[2]]);
});

test("a bucket with objects cannot be deleted, and an invalid name is rejected", async () => {
  await start();
  await put("k");
  await expect(call("DeleteBucket")).rejects.toMatchObject({ code: "BucketNotEmpty" });
  await expect(call("CreateBucket", { Bucket: "No_Good" })).rejects.toMatchObject({
    code: "InvalidBucketName",
  });
  await expect(call("CreateBucket")).rejects.toMatchObject({ code: "BucketAlreadyOwnedByYou" });
});

test("permissions include the version, the source and the tags of a call", async () => {
  await start();
  const access = kernel.services.get("s3")!.access;
  const arn = "arn:aws:s3:::box/k";
  expect(access("GetObject", { Bucket, Key: "k", VersionId: "v" })).toEqual([
    { action: "s3:GetObjectVersion", resource: arn },
  ]);
  expect(access("GetObjectTagging", { Bucket, Key: "k", VersionId: "v" })[0]!.action).toBe(
    "s3:GetObjectVersionTagging",
  );
  expect(access("CopyObject", { Bucket, Key: "k", CopySource: "other/a%20b", Tagging: "a=1" })).toEqual([
    { action: "s3:PutObject", resource: arn },
    { action: "s3:PutObjectTagging", resource: arn },
    { action: "s3:GetObject", resource: "arn:aws:s3:::other/a b" },
  ]);
  expect(access("ListObjectsV2", { Bucket, Prefix: "p" })).toEqual([
    { action: "s3:ListBucket", resource: "arn:aws:s3:::box", context: { "s3:prefix": "p" } },
  ]);
});
