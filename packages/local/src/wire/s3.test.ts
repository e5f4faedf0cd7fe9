import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { AwsError } from "../kernel/error.ts";
import { stubServices } from "./testing.ts";

const stubs = stubServices();
const s3 = () => new S3Client(stubs.cloud.client);

describe("S3 over REST and XML", () => {
  test("unusual keys, metadata and a body arrive unchanged", async () => {
    const Key = "a b/+%20//../é😀'()*!.jpg";
    stubs.handlers.PutObject = async (input) => ({ ETag: `"${await text(input.Body)}"` });
    const answer = await s3().send(
      new PutObjectCommand({
        Bucket: "box",
        Key,
        Body: "héllo",
        Metadata: { who: "me" },
        ContentType: "text/plain",
      }),
    );
    expect(stubs.inputs.PutObject).toMatchObject({
      Bucket: "box",
      Key,
      Metadata: { who: "me" },
      ContentType: "text/plain",
    });
    expect(answer.ETag).toBe('"héllo"');
  });

  test("a streamed range has its status and headers", async () => {
    const LastModified = new Date("2026-01-01T10:00:00Z");
    stubs.handlers.GetObject = () => ({
      Body: Readable.from([Buffer.from("par"), Buffer.from("t")]),
      ContentLength: 4,
      ContentRange: "bytes 0-3/9",
      LastModified,
      $metadata: { httpStatusCode: 206 },
    });
    const answer = await s3().send(new GetObjectCommand({ Bucket: "box", Key: "k", Range: "bytes=0-3" }));
    expect(await answer.Body!.transformToString()).toBe("part");
    expect(answer).toMatchObject({ ContentLength: 4, LastModified, $metadata: { httpStatusCode: 206 } });
    expect(stubs.inputs.GetObject.Range).toBe("bytes=0-3");
  });

  test("a body is streamed, and its digest is verified", async () => {
    let size = 0;
    stubs.handlers.PutObject = async (input) => {
      for await (const chunk of input.Body) size += chunk.length;
      return {};
    };
    await s3().send(new PutObjectCommand({ Bucket: "box", Key: "k", Body: Buffer.alloc(1 << 20, 7) }));
    expect(size).toBe(1 << 20);
  });

  test("operations with the same path are distinguished", async () => {
    stubs.handlers.CopyObject = () => ({ CopyObjectResult: { ETag: "e" } });
    await s3().send(new CopyObjectCommand({ Bucket: "box", Key: "b", CopySource: "box/a" }));
    await s3().send(
      new UploadPartCommand({ Bucket: "box", Key: "b", PartNumber: 2, UploadId: "u", Body: "x" }),
    );
    expect(Object.keys(stubs.inputs)).toEqual(["CopyObject", "UploadPart"]);
    expect(stubs.inputs.UploadPart).toMatchObject({ PartNumber: 2, UploadId: "u" });
  });

  test("lists and nested XML are read and written, with escapes", async () => {
    stubs.handlers.ListObjectsV2 = () => ({
      Contents: [{ Key: '<a>&"b"', Size: 1, LastModified: new Date("2026-01-01T00:00:00Z") }],
      KeyCount: 1,
      IsTruncated: false,
    });
    const listed = await s3().send(new ListObjectsV2Command({ Bucket: "box", Prefix: "a/b c", MaxKeys: 5 }));
    expect(stubs.inputs.ListObjectsV2).toMatchObject({ Prefix: "a/b c", MaxKeys: 5 });
    expect(listed.Contents?.[0]).toMatchObject({ Key: '<a>&"b"', Size: 1 });

    stubs.handlers.DeleteObjects = () => ({
      Deleted: [{ Key: "x" }],
      Errors: [{ Key: "y", Code: "AccessDenied" }],
    });
    const Objects = [{ Key: "x & y" }, { Key: " z " }];
    const deleted = await s3().send(new DeleteObjectsCommand({ Bucket: "box", Delete: { Objects } }));
    expect(stubs.inputs.DeleteObjects.Delete.Objects).toEqual(Objects);
    expect(deleted).toMatchObject({ Deleted: [{ Key: "x" }], Errors: [{ Key: "y", Code: "AccessDenied" }] });

    stubs.handlers.GetBucketLocation = () => ({ LocationConstraint: "eu-west-1" });
    expect((await s3().send(new GetBucketLocationCommand({ Bucket: "box" }))).LocationConstraint).toBe(
      "eu-west-1",
    );
  });

  test("errors contain code, status and fields; HEAD only the status", async () => {
    stubs.handlers.GetObject = () => {
      throw new AwsError("NoSuchKey", "The specified key does not exist.", {
        status: 404,
        fields: { Key: "<k>" },
      });
    };
    stubs.handlers.HeadObject = stubs.handlers.GetObject;
    await expect(s3().send(new GetObjectCommand({ Bucket: "box", Key: "k" }))).rejects.toMatchObject({
      name: "NoSuchKey",
      Key: "<k>",
      $metadata: { httpStatusCode: 404 },
    });
    await expect(s3().send(new HeadObjectCommand({ Bucket: "box", Key: "k" }))).rejects.toMatchObject({
      name: "NotFound",
    });
  });

  test("the bucket may be in the host name", async () => {
    const seen: string[] = [];
    stubs.handlers.GetObject = ({ Bucket, Key }) => void seen.push(`${Bucket} ${Key}`);
    const virtual = new S3Client({ ...stubs.cloud.client, forcePathStyle: true });
    virtual.middlewareStack.add(
      (next) => (args: any) => {
        args.request.path = args.request.path.replace("/my.box/", "/");
        args.request.headers.host = "my.box.s3.us-east-1.localhost";
        return next(args);
      },
      { step: "build" },
    );
    await virtual.send(new GetObjectCommand({ Bucket: "my.box", Key: "a/b" }));
    expect(seen).toEqual(["my.box a/b"]);
  });
});
