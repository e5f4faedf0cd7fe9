// Objects of S3, with the AWS SDK over the wire.
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectTaggingCommand,
  type ChecksumAlgorithm,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { Bucket, client, get, plainBucket, put } from "./plain-bucket.ts";

const MB = 1024 * 1024;

plainBucket();

test("an object is returned with its bytes, headers, metadata and tags", async () => {
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
  "%s is verified on upload and returned on download",
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

test("any key is stored unchanged, and none is used as a path", async () => {
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

test("ranges return 206 without the object's checksum", async () => {
  await put("range", "0123456789");
  const part = await get("range", { Range: "bytes=2-4", ChecksumMode: "ENABLED" });
  expect(part).toMatchObject({ text: "234", ContentRange: "bytes 2-4/10", ContentLength: 3 });
  expect(part.$metadata.httpStatusCode).toBe(206);
  expect(part.ChecksumCRC32).toBeUndefined();
  expect((await get("range", { Range: "bytes=-3" })).text).toBe("789");
  expect((await get("range", { Range: "bytes=7-99" })).text).toBe("789");
  await expect(get("range", { Range: "bytes=10-" })).rejects.toMatchObject({ name: "InvalidRange" });
});

test("conditional reads and writes", async () => {
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

test("missing resources fail by name", async () => {
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
