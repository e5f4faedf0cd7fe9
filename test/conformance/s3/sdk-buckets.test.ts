// Lists, copies, versions and buckets of S3, with the AWS SDK over the wire.
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketNotificationConfigurationCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { Bucket, client, get, plainBucket, put } from "./plain-bucket.ts";

plainBucket();

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

test("copies keep or replace metadata, and fail without a change", async () => {
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

test("a versioned bucket keeps every version readable by id", async () => {
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

test("one call deletes many objects, with a result for each", async () => {
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
