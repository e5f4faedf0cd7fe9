// Tests that hold for folders, bucket prefixes and memory.
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { openBucket } from "@sluice/core/label/bucket.ts";
import type { Collection } from "./collection.ts";
import { overlay } from "./collection.ts";
import { openFolder } from "./folder.ts";
import { fileLocator } from "./file-locator.ts";
import { collectionOf } from "./dataset.fixture.ts";

const FILES = { "a b+c%20é.jpg": "one", "a/1.txt": "two!", "a.txt": "three", "b/c/d": "" };
/** By UTF-8, as S3 lists. */
const ORDER = ["a b+c%20é.jpg", "a.txt", "a/1.txt", "b/c/d"];
const s3 = mockClient(S3Client);
afterAll(() => s3.restore());
let root: string;

beforeEach(async () => {
  s3.reset();
  root = await mkdtemp(path.join(tmpdir(), "sluice-set-"));
});
afterEach(() => rm(root, { recursive: true }));

const failure = (name: string, status: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });

/** A bucket with the files below `data/x/`, listed in pages of two. */
function faked(files: Record<string, string>): Collection {
  const keys = ORDER.map((file) => `data/x/${file}`);
  s3.on(ListObjectsV2Command).callsFake(async ({ ContinuationToken = "0" }) => {
    const from = Number(ContinuationToken);
    const page = keys
      .slice(from, from + 2)
      .map((Key) => ({ Key, Size: files[Key.slice(7)]!.length, ETag: '"e"' }));
    return {
      Contents: [...(from === 0 ? [{ Key: "data/x/", Size: 0 }] : []), ...page],
      NextContinuationToken: from + 2 < keys.length ? String(from + 2) : undefined,
    };
  });
  s3.on(GetObjectCommand).callsFake(async ({ Key, Range }) => {
    const text = files[String(Key).slice(7)];
    if (text === undefined) throw failure("NoSuchKey", 404);
    if (Range && text === "") throw failure("InvalidRange", 416);
    const end = Range ? Number(/-(\d+)$/.exec(Range)![1]) + 1 : undefined;
    const bytes = Buffer.from(text).subarray(0, end);
    return {
      Body: Object.assign(
        (async function* () {
          yield bytes;
        })(),
        { transformToByteArray: async () => bytes },
      ),
    };
  });
  s3.on(HeadObjectCommand).callsFake(async ({ Key }) => {
    if (files[String(Key).slice(7)] === undefined) throw failure("NotFound", 404);
    return {};
  });
  return openBucket("b", "data/x/");
}

async function onDisk(files: Record<string, string>): Promise<Collection> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  }
  return openFolder(root);
}

test.each<[string, (files: Record<string, string>) => Collection | Promise<Collection>]>([
  ["a folder", onDisk],
  ["a bucket", faked],
  ["memory", collectionOf],
])("%s lists in order, reads, streams, and finds no missing files", async (_kind, make) => {
  const set = await make(FILES);
  const listed = await Array.fromAsync(set.list());
  expect(listed.map(({ path: file, size }) => [file, size])).toEqual(
    ORDER.map((file) => [file, FILES[file as keyof typeof FILES].length]),
  );
  expect(Buffer.from((await set.read("a.txt"))!).toString()).toBe("three");
  expect(Buffer.from((await set.read("a.txt", 2))!).toString()).toBe("th");
  expect((await set.read("b/c/d", 10))!.byteLength).toBe(0);
  expect(Buffer.concat(await Array.fromAsync((await set.stream("a/1.txt"))!)).toString()).toBe("two!");
  for (const missing of ["nowhere.txt", "a/nowhere"]) {
    expect(await set.has(missing)).toBe(false);
    expect(await set.read(missing)).toBeUndefined();
    expect(await set.read(missing, 5)).toBeUndefined();
    expect(await set.stream(missing)).toBeUndefined();
  }
  expect(await set.has("a b+c%20é.jpg")).toBe(true);
});

test("a folder hides hidden files, follows no linked folders, and opens nothing outside", async () => {
  const set = await onDisk({ "a.txt": "x", ".DS_Store": "x", "__MACOSX/a.txt": "x", ".git/b.txt": "x" });
  await symlink(root, path.join(root, "circle"));
  await symlink(path.join(root, "a.txt"), path.join(root, "linked.txt"));
  expect((await Array.fromAsync(set.list())).map(({ path: file }) => file)).toEqual(["a.txt", "linked.txt"]);
  for (const outside of ["../etc/passwd", "/etc/passwd", "a/../../x", "a\0b", ""]) {
    expect(await set.read(outside)).toBeUndefined();
    expect(await set.has(outside)).toBe(false);
  }
});

test("a bucket without read permission is an error that names the permission", async () => {
  s3.on(ListObjectsV2Command).rejects(failure("AccessDenied", 403));
  s3.on(GetObjectCommand).rejects(failure("AccessDenied", 403));
  const set = openBucket("b", "");
  await expect(Array.fromAsync(set.list())).rejects.toMatchObject({
    code: "STORAGE_FORBIDDEN",
    message: expect.stringContaining("s3:ListBucket"),
  });
  await expect(set.read("x")).rejects.toMatchObject({ code: "STORAGE_FORBIDDEN" });
});

test("a missing bucket is an error that is not retried", async () => {
  s3.on(ListObjectsV2Command).rejects(failure("NoSuchBucket", 404));
  await expect(Array.fromAsync(openBucket("nosuch", "").list())).rejects.toMatchObject({
    code: "BUCKET_UNKNOWN",
    message: "Bucket nosuch does not exist.",
    retryable: false,
  });
});

test("a missing bucket is not treated as a missing file", async () => {
  s3.on(GetObjectCommand).rejects(failure("NoSuchBucket", 404));
  await expect(openBucket("nosuch", "").read("a.csv")).rejects.toMatchObject({ code: "BUCKET_UNKNOWN" });
  await expect(openBucket("nosuch", "").stream("a.csv")).rejects.toMatchObject({ code: "BUCKET_UNKNOWN" });
});

test("after some missing files, no more are searched", async () => {
  let lookups = 0;
  const set = {
    ...collectionOf({}),
    has: async () => {
      lookups += 1;
      return false;
    },
  };
  const locate = fileLocator(set, "labels/", ["data/"]);
  for (let at = 0; at < 10_000; at += 1)
    expect(await locate(`photos/${at}.jpg`)).toBe(`labels/photos/${at}.jpg`);
  expect(lookups).toBeLessThan(1_000);
});

test("an overlay lists the labels and reads files of both collections", async () => {
  const both = overlay(collectionOf({ "x.csv": "labels" }), collectionOf({ "data/a.jpg": "picture" }));
  expect((await Array.fromAsync(both.list())).map(({ path: file }) => file)).toEqual(["x.csv"]);
  expect(await both.has("data/a.jpg")).toBe(true);
  expect(Buffer.from((await both.read("data/a.jpg"))!).toString()).toBe("picture");
});
