// State folders that cannot be used: each fails the start with one line that names the problem and the fix.
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { testCloud, type TestCloud } from "./kernel/testing-cloud.ts";
import { s3 } from "./service/s3/plugin.ts";

const Bucket = "box";
let dir: string;
let cloud: TestCloud | undefined;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "state-"));
});
afterEach(async () => {
  await cloud?.stop();
  cloud = undefined;
  rmSync(dir, { recursive: true, force: true });
});

const file = (name: string) => path.join(dir, name);
const start = async () =>
  (cloud = await testCloud({
    dir,
    plugins: [s3],
    graph: { resources: [{ name: "Box", type: "aws:s3/bucket:Bucket", inputs: { bucket: Bucket } }] },
  }));
const stop = async () => {
  await cloud!.stop();
  cloud = undefined;
};
const client = () => new S3Client({ ...cloud!.client, maxAttempts: 1, forcePathStyle: true });
const put = (Key: string, Body = "hello") => client().send(new PutObjectCommand({ Bucket, Key, Body }));
const get = async (Key: string) =>
  (await client().send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToString();
const bodies = () =>
  readdirSync(file("s3/bodies"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const fill = async (...keys: string[]) => {
  await start();
  for (const key of keys) await put(key);
  await stop();
};
const dropDatabase = () => {
  for (const name of readdirSync(dir)) if (name.startsWith("cloud.db")) rmSync(file(name));
};

test.each([
  ["is not a database", () => writeFileSync(file("cloud.db"), "garbage".repeat(1_000))],
  ["is truncated", () => truncateSync(file("cloud.db"), 5_000)],
])(
  "a cloud.db that %s fails the start with its name and the fix, and nothing is deleted",
  async (_, damage) => {
    await fill("k");
    damage();
    await expect(start()).rejects.toMatchObject({
      code: "CLOUD_DB_DAMAGED",
      message: expect.stringMatching(
        new RegExp(
          `^${file("cloud.db")} is damaged \\(.+\\)\\. Restore it from a backup, or move ${dir} away`,
        ),
      ),
    });
    expect(bodies()).toHaveLength(1);
  },
);

test.each([
  ["is missing", () => {}],
  ["is empty", () => writeFileSync(file("cloud.db"), "")],
])("a cloud.db that %s beside bodies fails every start, and no body is deleted", async (_, leave) => {
  await fill("k", "l");
  cpSync(file("cloud.db"), file("backup"));
  dropDatabase();
  leave();
  const refusal = {
    code: "CLOUD_DB_DAMAGED",
    message: expect.stringMatching(
      /contains bodies that cloud\.db does not reference.*Restore the matching cloud\.db/,
    ),
  };
  await expect(start()).rejects.toMatchObject(refusal);
  await expect(start()).rejects.toMatchObject(refusal);
  expect(bodies()).toHaveLength(2);

  dropDatabase();
  cpSync(file("backup"), file("cloud.db"));
  await start();
  expect(await get("k")).toBe("hello");
});

/** The user without rights, on Linux and elsewhere. */
const NOBODY = 65_534;

test("the cloud.db of another state folder fails the start", async () => {
  await fill("k");
  const own = dir;
  dir = mkdtempSync(path.join(tmpdir(), "state-"));
  await fill("other");
  cpSync(file("cloud.db"), path.join(own, "cloud.db"));
  rmSync(dir, { recursive: true });
  dir = own;
  await expect(start()).rejects.toMatchObject({ code: "CLOUD_DB_DAMAGED" });
  expect(bodies()).toHaveLength(1);
});

test("state of a version without owners of bodies is used", async () => {
  await start();
  await put("k");
  cloud!.kernel.store.run("delete from s3_owner");
  await stop();
  rmSync(file("s3/owner"));
  await start();
  expect(await get("k")).toBe("hello");
  await stop();
  await start();
  expect(bodies()).toHaveLength(1);
});

test("a crash before the owner is written does not count as another database", async () => {
  await fill("k");
  writeFileSync(file("s3/owner"), "");
  await start();
  expect(await get("k")).toBe("hello");
});

test.each([
  [
    "is a file",
    () => {
      rmSync(dir, { recursive: true });
      writeFileSync(dir, "");
    },
  ],
  [
    "is below a file",
    () => {
      writeFileSync(file("a"), "");
      dir = file("a/b");
    },
  ],
])("a state folder that %s fails the start with its name", async (_, make) => {
  const before = dir;
  make();
  await expect(start()).rejects.toMatchObject({
    code: "DISK_NOT_WRITABLE",
    message: expect.stringMatching(
      /^\S+ is not writable \(.+\)\. Make it writable for this user, or use another/,
    ),
  });
  dir = before;
});

test("a state folder without write permission fails the start with its name", async () => {
  await fill("k");
  chmodSync(dir, 0o500);
  // Root may write anywhere, so a test that root runs acts as another user here.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid!(NOBODY);
  try {
    await expect(start()).rejects.toMatchObject({ code: "DISK_NOT_WRITABLE" });
  } finally {
    if (isRoot) process.seteuid!(0);
  }
  chmodSync(dir, 0o700);
  await start();
  expect(await get("k")).toBe("hello");
});

test("a folder in place of cloud.db fails the start with its name", async () => {
  mkdirSync(file("cloud.db"));
  await expect(start()).rejects.toMatchObject({
    code: "DISK_NOT_WRITABLE",
    message: expect.stringContaining(dir),
  });
});
