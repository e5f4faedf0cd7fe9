// S3 as the AWS SDK sees it, over the wire.
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketNotificationConfigurationCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
  type ChecksumAlgorithm,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testCloud, type TestCloud } from "../../../packages/local/src/kernel/testing-cloud.ts";
import { s3 } from "../../../packages/local/src/service/s3/plugin.ts";

let cloud: TestCloud;
let client: S3Client;
const Bucket = "plain";
const MB = 1024 * 1024;

beforeAll(async () => {
  cloud = await testCloud({ plugins: [s3] });
  client = new S3Client(cloud.client);
  await client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  client.destroy();
  await cloud.dispose();
});

const put = (Key: string, Body: any = "hello", more: object = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = async (Key: string, more: object = {}) => {
  const output = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...output, text: await output.Body!.transformToString() };
};

test("an object comes back with its bytes, headers, metadata and tags", async () => {
  const Expires = new Date("2030-01-01T00:00:00Z");
  const written = await put("a.txt", "hello", {
    ContentType: "text/plain",
    CacheControl: "no-cache",
    ContentEncoding: "identity",
    Expires,
    Metadata: { colour: "green" },
    Tagging: "a=1&b=two%20words",
  });
  expect(written.ETag).toBe(`"${createHash("md5").update("hello").digest("hex")}"`);
  const read = await get("a.txt");
  expect(read).toMatchObject({
    text: "hello",
    ContentLength: 5,
    ContentType: "text/plain",
    CacheControl: "no-cache",
    ContentEncoding: "identity",
    ExpiresString: Expires.toUTCString(),
    TagCount: 2,
    ChecksumCRC32: written.ChecksumCRC32,
    ChecksumType: "FULL_OBJECT",
  });
  const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket, Key: "a.txt" }));
  expect(TagSet).toEqual([
    { Key: "a", Value: "1" },
    { Key: "b", Value: "two words" },
  ]);
  await client.send(
    new PutObjectTaggingCommand({ Bucket, Key: "a.txt", Tagging: { TagSet: [{ Key: "c", Value: "3" }] } }),
  );
  expect(await get("a.txt")).toMatchObject({ TagCount: 1 });
});

test("a streamed body loses its chunk framing and keeps its own content encoding", async () => {
  const bytes = Buffer.alloc(3 * MB, "0123456789abcdef");
  await put("stream", Readable.from([bytes.subarray(0, 100), bytes.subarray(100)]), {
    ContentLength: bytes.length,
    ContentEncoding: "gzip",
  });
  const read = await client.send(new GetObjectCommand({ Bucket, Key: "stream" }));
  expect(read.ContentEncoding).toBe("gzip");
  expect(Buffer.from(await read.Body!.transformToByteArray()).equals(bytes)).toBe(true);
});

test.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as ChecksumAlgorithm[])(
  "%s is verified on the way in and returned on the way out",
  async (ChecksumAlgorithm) => {
    const member = `Checksum${ChecksumAlgorithm}` as "ChecksumCRC32";
    const written = await put(`sum/${ChecksumAlgorithm}`, "hello", { ChecksumAlgorithm });
    const read = await get(`sum/${ChecksumAlgorithm}`, { ChecksumMode: "ENABLED" });
    expect(read[member]).toBe(written[member]);
    expect(read.text).toBe("hello");
    const wrong = put("sum/wrong", "hello!", { [member]: written[member] });
    await expect(wrong).rejects.toMatchObject({ name: "BadDigest" });
  },
);

test("any key survives, and none becomes a path", async () => {
  const keys = [
    "a b+c%20é.jpg",
    "../../x",
    "./..//double//",
    "🦈/emoji",
    "/leading",
    "trailing/",
    "x?y=1#z",
    "100%",
    "<&>'\"",
    "é".repeat(512),
  ];
  for (const key of keys)
    await put(`odd/${key}`.slice(0, 1024 - 4), key).catch((error) => {
      if (key.length < 512) throw error;
    });
  const listed = await client.send(new ListObjectsV2Command({ Bucket, Prefix: "odd/" }));
  for (const key of keys.slice(0, -1)) {
    expect((await get(`odd/${key}`)).text).toBe(key);
    expect(listed.Contents!.map(({ Key }) => Key)).toContain(`odd/${key}`);
  }
  await put("é".repeat(512), "exactly 1024 bytes");
  await expect(put(`${"é".repeat(512)}x`)).rejects.toMatchObject({ name: "KeyTooLongError" });
});

test("ranges answer 206 without the checksum of the whole", async () => {
  await put("range", "0123456789");
  const part = await get("range", { Range: "bytes=2-4", ChecksumMode: "ENABLED" });
  expect(part).toMatchObject({ text: "234", ContentRange: "bytes 2-4/10", ContentLength: 3 });
  expect(part.$metadata.httpStatusCode).toBe(206);
  expect(part.ChecksumCRC32).toBeUndefined();
  expect((await get("range", { Range: "bytes=-3" })).text).toBe("789");
  expect((await get("range", { Range: "bytes=7-99" })).text).toBe("789");
  await expect(get("range", { Range: "bytes=10-" })).rejects.toMatchObject({ name: "InvalidRange" });
});

test("conditions on reads and writes hold", async () => {
  const { ETag } = await put("cond");
  const status = (httpStatusCode: number) => ({ $metadata: expect.objectContaining({ httpStatusCode }) });
  await expect(get("cond", { IfNoneMatch: ETag })).rejects.toMatchObject(status(304));
  await expect(get("cond", { IfMatch: '"other"' })).rejects.toMatchObject(status(412));
  await expect(get("cond", { IfModifiedSince: new Date(Date.now() + 60_000) })).rejects.toMatchObject(
    status(304),
  );
  await expect(put("cond", "x", { IfNoneMatch: "*" })).rejects.toMatchObject({ name: "PreconditionFailed" });
  await expect(put("cond", "x", { IfMatch: '"other"' })).rejects.toMatchObject({
    name: "PreconditionFailed",
  });
  await expect(put("cond-none", "x", { IfMatch: ETag })).rejects.toMatchObject({ name: "NoSuchKey" });
  await put("cond", "x", { IfMatch: ETag });
  const racers = await Promise.allSettled(
    Array.from({ length: 8 }, (_, i) => put("race", `${i}`, { IfNoneMatch: "*" })),
  );
  expect(racers.filter(({ status: won }) => won === "fulfilled")).toHaveLength(1);
});

test("what is not there says so, by its name", async () => {
  await expect(get("none")).rejects.toMatchObject({ name: "NoSuchKey", Key: "none" });
  await expect(client.send(new HeadObjectCommand({ Bucket, Key: "none" }))).rejects.toMatchObject({
    name: "NotFound",
  });
  await expect(client.send(new ListObjectsV2Command({ Bucket: "nowhere" }))).rejects.toMatchObject({
    name: "NoSuchBucket",
  });
  await expect(client.send(new HeadBucketCommand({ Bucket: "nowhere" }))).rejects.toMatchObject({
    name: "NotFound",
  });
});

test("listing pages through keys and common prefixes in order", async () => {
  for (const key of ["a/1", "a/2", "b", "c/1", "c/2", "d"]) await put(`list/${key}`);
  const seen: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix: "list/", Delimiter: "/", MaxKeys: 1, ContinuationToken }),
    );
    seen.push(
      ...(page.Contents ?? []).map(({ Key }) => Key!),
      ...(page.CommonPrefixes ?? []).map((p) => p.Prefix!),
    );
    expect(page.KeyCount).toBe(1);
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  expect(seen).toEqual(["list/a/", "list/b", "list/c/", "list/d"]);
  const after = await client.send(
    new ListObjectsV2Command({ Bucket, Prefix: "list/", StartAfter: "list/c/1" }),
  );
  expect(after.Contents!.map(({ Key }) => Key)).toEqual(["list/c/2", "list/d"]);
  const elder = await client.send(
    new ListObjectsCommand({ Bucket, Prefix: "list/", Delimiter: "/", MaxKeys: 3 }),
  );
  expect(elder).toMatchObject({ IsTruncated: true, NextMarker: "list/c/" });
  const rest = await client.send(
    new ListObjectsCommand({ Bucket, Prefix: "list/", Delimiter: "/", Marker: elder.NextMarker }),
  );
  expect(rest.Contents!.map(({ Key }) => Key)).toEqual(["list/d"]);
});

test("copies keep or replace what an object carries, and refuse to change nothing", async () => {
  await put("copy/från é+%20.txt", "copied", { Metadata: { a: "1" }, ContentType: "text/plain" });
  const CopySource = encodeURIComponent(`${Bucket}/copy/från é+%20.txt`);
  await client.send(new CopyObjectCommand({ Bucket, Key: "copy/to", CopySource }));
  expect(await get("copy/to")).toMatchObject({
    text: "copied",
    Metadata: { a: "1" },
    ContentType: "text/plain",
  });
  const replaced = { MetadataDirective: "REPLACE", Metadata: { b: "2" } } as const;
  await client.send(
    new CopyObjectCommand({ Bucket, Key: "copy/to", CopySource: `${Bucket}/copy/to`, ...replaced }),
  );
  expect((await get("copy/to")).Metadata).toEqual({ b: "2" });
  await expect(
    client.send(new CopyObjectCommand({ Bucket, Key: "copy/to", CopySource: `${Bucket}/copy/to` })),
  ).rejects.toMatchObject({ name: "InvalidRequest" });
  await expect(
    client.send(new CopyObjectCommand({ Bucket, Key: "x", CopySource: `${Bucket}/copy/none` })),
  ).rejects.toMatchObject({ name: "NoSuchKey" });
});

test("parts become one object, in their order, with composite etag and checksum", async () => {
  const Key = "multi";
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: "CRC32", ContentType: "video/mp4" }),
  );
  const upload = { Bucket, Key, UploadId };
  const bodies = [Buffer.alloc(5 * MB, "a"), Buffer.alloc(5 * MB, "b"), Buffer.from("end")];
  const parts = await Promise.all(
    bodies.map(async (Body, index) => {
      const PartNumber = index + 1;
      const part = await client.send(
        new UploadPartCommand({ ...upload, PartNumber, Body, ChecksumAlgorithm: "CRC32" }),
      );
      return { PartNumber, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 };
    }),
  );
  const complete = (Parts: object[]) =>
    client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
  await expect(complete(parts.toReversed())).rejects.toMatchObject({ name: "InvalidPartOrder" });
  await expect(complete([{ ...parts[0], ETag: '"0"' }])).rejects.toMatchObject({ name: "InvalidPart" });
  await expect(complete([parts[2]!, { ...parts[2], PartNumber: 4 }])).rejects.toMatchObject({
    name: "InvalidPart",
  });
  const listed = await client.send(new ListPartsCommand({ ...upload, MaxParts: 2 }));
  expect(listed).toMatchObject({ IsTruncated: true, NextPartNumberMarker: "2" });

  const done = await complete(parts);
  expect(done.ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
  expect(done.ChecksumCRC32).toMatch(/-3$/);
  const read = await client.send(new GetObjectCommand({ Bucket, Key }));
  expect(read).toMatchObject({
    ContentLength: 10 * MB + 3,
    ContentType: "video/mp4",
    ChecksumType: "COMPOSITE",
  });
  expect(Buffer.from(await read.Body!.transformToByteArray()).equals(Buffer.concat(bodies))).toBe(true);
  expect((await get(Key, { Range: `bytes=${10 * MB - 1}-` })).text).toBe("bend");
  expect((await get(Key, { PartNumber: 3 })).text).toBe("end");
  await expect(complete(parts)).rejects.toMatchObject({ name: "NoSuchUpload" });
});

test("a part may be copied from a range of another object", async () => {
  await put("source", "0123456789");
  const Key = "assembled";
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const { CopyPartResult } = await client.send(
    new UploadPartCopyCommand({
      Bucket,
      Key,
      UploadId,
      PartNumber: 1,
      CopySource: `${Bucket}/source`,
      CopySourceRange: "bytes=3-5",
    }),
  );
  const Parts = [{ PartNumber: 1, ETag: CopyPartResult!.ETag }];
  await client.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
  );
  expect((await get(Key)).text).toBe("345");
});

test("a versioned bucket keeps every version and hides nothing from whoever names it", async () => {
  const versioned = { Bucket: "versions", Key: "k" };
  await client.send(new CreateBucketCommand({ Bucket: "versions" }));
  await client.send(
    new PutBucketVersioningCommand({ Bucket: "versions", VersioningConfiguration: { Status: "Enabled" } }),
  );
  const one = await client.send(new PutObjectCommand({ ...versioned, Body: "one" }));
  const two = await client.send(new PutObjectCommand({ ...versioned, Body: "two" }));
  const gone = await client.send(new DeleteObjectCommand(versioned));
  expect(gone).toMatchObject({ DeleteMarker: true });
  await expect(client.send(new GetObjectCommand(versioned))).rejects.toMatchObject({ name: "NoSuchKey" });
  const old = await client.send(new GetObjectCommand({ ...versioned, VersionId: one.VersionId }));
  expect(await old.Body!.transformToString()).toBe("one");
  const listed = await client.send(new ListObjectVersionsCommand({ Bucket: "versions" }));
  expect(listed.Versions!.map(({ VersionId }) => VersionId)).toEqual([two.VersionId, one.VersionId]);
  expect(listed.DeleteMarkers).toMatchObject([{ VersionId: gone.VersionId, IsLatest: true }]);
  await client.send(new DeleteObjectCommand({ ...versioned, VersionId: gone.VersionId }));
  const back = await client.send(new GetObjectCommand(versioned));
  expect(await back.Body!.transformToString()).toBe("two");
});

test("many objects go in one call, each with its own answer", async () => {
  await put("many/1");
  await put("many/2");
  const Objects = [{ Key: "many/1" }, { Key: "many/2", ETag: '"other"' }, { Key: "many/none" }];
  const answer = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  expect(answer.Deleted!.map(({ Key }) => Key)).toEqual(["many/1", "many/none"]);
  expect(answer.Errors).toMatchObject([{ Key: "many/2", Code: "PreconditionFailed" }]);
});

test("buckets list, locate and keep their settings", async () => {
  const { Buckets } = await client.send(new ListBucketsCommand({}));
  expect(Buckets!.map(({ Name }) => Name)).toContain(Bucket);
  expect((await client.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint ?? "").toBe("");
  const NotificationConfiguration = { EventBridgeConfiguration: {} };
  await client.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  const kept = await client.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  expect(kept.EventBridgeConfiguration).toEqual({});
});
