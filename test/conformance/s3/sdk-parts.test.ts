// Multipart uploads, with the AWS SDK over the wire.
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListPartsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { Bucket, client, get, plainBucket, put } from "./plain-bucket.ts";

const MB = 1024 * 1024;

plainBucket();

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
