// S3 as boto3 and the aws CLI see it, where they are installed.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testCloud, type TestCloud } from "../../../packages/local/src/kernel/testing-cloud.ts";
import { events } from "../../../packages/local/src/service/events/plugin.ts";
import { s3 } from "../../../packages/local/src/service/s3/plugin.ts";
import { absence, endpointOf } from "../clients.ts";

const run = promisify(execFile);
const noBoto3 = absence("boto3");
const noCli = absence("aws CLI");
// Each command of the CLI takes a second or more to start.
const SLOW = 120_000;

let cloud: TestCloud;
let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  cloud = await testCloud({ plugins: [events, s3] });
  folder = mkdtempSync(path.join(tmpdir(), "s3-tools-"));
  env = { ...process.env, ...cloud.environment, AWS_PAGER: "" };
});
afterAll(async () => {
  await cloud.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const aws = async (...args: string[]) =>
  (await run("aws", [...args, ...endpointOf(cloud.environment)], { env, cwd: folder })).stdout;

test.skipIf(noBoto3)(
  "boto3 reads, writes, lists, copies and deletes as on AWS",
  async () => {
    const { stdout } = await run("python3", [path.join(import.meta.dirname, "boto3_checks.py")], { env });
    expect(stdout.trim().split("\n")).toEqual([
      "odd keys",
      "checksums",
      "managed transfer",
      "managed copy",
      "multipart by hand",
      "presigned",
      "errors",
      "settings",
      "versions",
    ]);
  },
  SLOW,
);

test.skipIf(noCli)(
  "aws s3 copies, lists, syncs, presigns and removes",
  async () => {
    const big = Buffer.alloc(9 * 1024 * 1024, "0123456789abcdef");
    mkdirSync(path.join(folder, "tree/sub"), { recursive: true });
    writeFileSync(path.join(folder, "tree/a b+c.txt"), "one");
    writeFileSync(path.join(folder, "tree/sub/é.txt"), "two");
    writeFileSync(path.join(folder, "big"), big);

    await aws("s3", "mb", "s3://cli");
    await aws("s3", "cp", "big", "s3://cli/big");
    await aws("s3", "cp", "s3://cli/big", "s3://cli/big copy");
    await aws("s3", "cp", "s3://cli/big copy", "back");
    expect(readFileSync(path.join(folder, "back")).equals(big)).toBe(true);

    expect(await aws("s3", "sync", "tree", "s3://cli/tree")).toContain("upload:");
    expect(await aws("s3", "sync", "tree", "s3://cli/tree")).toBe("");
    const listed = await aws("s3", "ls", "s3://cli", "--recursive");
    for (const key of ["big", "big copy", "tree/a b+c.txt", "tree/sub/é.txt"]) expect(listed).toContain(key);
    expect(await aws("s3", "ls", "s3://cli/tree/")).toContain("PRE sub/");

    const url = (await aws("s3", "presign", "s3://cli/tree/a b+c.txt")).trim();
    expect(await (await fetch(url)).text()).toBe("one");

    await aws("s3", "sync", "s3://cli/tree", "down");
    expect(readFileSync(path.join(folder, "down/sub/é.txt"), "utf8")).toBe("two");
    await aws("s3", "rm", "s3://cli", "--recursive");
    expect(await aws("s3", "ls", "s3://cli", "--recursive").catch(() => "")).toBe("");
    await aws("s3", "rb", "s3://cli");
    expect(cloud.problems).toEqual([]);
  },
  SLOW,
);
