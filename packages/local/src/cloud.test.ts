import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterEach, describe, expect, test } from "vitest";
import { startCloud } from "./cloud.ts";
import type { Plugin } from "./kernel/service.ts";
import { testCloud, type TestCloud, type TestCloudOptions } from "./kernel/testing-cloud.ts";
import { sts } from "./service/sts/plugin.ts";

/** One object, kept in the store. */
const shelf: Plugin = {
  name: "s3",
  resources: {},
  start: ({ store }) => {
    store.define("create table if not exists shelf (body text) strict");
    return {
      operations: {
        async PutObject({ Body }) {
          const chunks = await Array.fromAsync(Body as AsyncIterable<Buffer>);
          store.run`insert into shelf values (${Buffer.concat(chunks).toString()})`;
          return {};
        },
        GetObject: () => ({ Body: String(store.get<{ body: string }>("select body from shelf")?.body) }),
      },
      access: () => [],
    };
  },
};

const clouds: TestCloud[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const cloud of clouds.splice(0)) await cloud.dispose();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function start(options: TestCloudOptions = {}) {
  const cloud = await testCloud({ plugins: [sts, shelf], ...options });
  clouds.push(cloud);
  return cloud;
}

function folder() {
  const made = mkdtempSync(path.join(tmpdir(), "cloud-"));
  folders.push(made);
  return made;
}

const put = (cloud: TestCloud, Body: string) =>
  new S3Client(cloud.client).send(new PutObjectCommand({ Bucket: "b", Key: "k", Body }));
const get = async (cloud: TestCloud) => {
  const { Body } = await new S3Client(cloud.client).send(new GetObjectCommand({ Bucket: "b", Key: "k" }));
  return Body!.transformToString();
};
const admin = (
  cloud: TestCloud,
  method: string,
  name: string,
  body?: unknown,
  headers: Record<string, string | undefined> = {},
) =>
  fetch(`${cloud.endpoint}/_cloud/${name}`, {
    method,
    headers: headers as Record<string, string>,
    body: body === undefined ? undefined : JSON.stringify(body),
  });

describe("starting and stopping", () => {
  test("stored data and role keys survive a restart", async () => {
    const dir = folder();
    const first = await start({ dir });
    await put(first, "kept");
    const key = first.kernel.keys.issue("arn:aws:iam::000000000000:role/r", "s");
    await first.stop();
    const second = await start({ dir });
    expect(await get(second)).toBe("kept");
    const caller = new STSClient({ ...second.client, credentials: key }).send(
      new GetCallerIdentityCommand({}),
    );
    expect((await caller).Arn).toContain("assumed-role/r/s");
  });

  test("two clouds in one process share no state", async () => {
    const [one, two] = [await start(), await start()];
    await Promise.all([put(one, "one"), put(two, "two")]);
    expect([await get(one), await get(two)]).toEqual(["one", "two"]);
  });

  test("a second cloud with the same state folder fails to start, and the error names the process", async () => {
    const dir = folder();
    await start({ dir });
    await expect(start({ dir })).rejects.toMatchObject({
      code: "STATE_LOCKED",
      message: expect.stringContaining(`process ${process.pid}`),
    });
  });

  test("the lock of a killed process is taken over", async () => {
    const dir = folder();
    const locker = new URL("./kernel/lock.ts", import.meta.url).href;
    const child = spawn(process.execPath, [
      "--input-type=module",
      "-e",
      `import { lockFolder } from ${JSON.stringify(locker)}; lockFolder(${JSON.stringify(dir)}); console.log("held"); setInterval(() => {}, 1e6);`,
    ]);
    await once(child.stdout, "data");
    await expect(start({ dir })).rejects.toMatchObject({ code: "STATE_LOCKED" });
    child.kill("SIGKILL");
    await once(child, "exit");
    await expect(start({ dir })).resolves.toBeDefined();
  });

  test("a port in use and a public address fail the start, and nothing stays locked", async () => {
    const { endpoint } = await start();
    const dir = folder();
    const port = Number(new URL(endpoint).port);
    await expect(start({ dir, port })).rejects.toMatchObject({ code: "PORT_IN_USE" });
    await expect(start({ dir, host: "0.0.0.0" })).rejects.toMatchObject({ code: "HOST_NOT_LOOPBACK" });
    await expect(start({ dir })).resolves.toBeDefined();
  });

  test.each([
    ["is missing", undefined, /no resource graph at .*cloud\.lock\.json\. Run `npm run synth`/],
    ["is truncated", "{", /not JSON/],
    ["has other content", "{}", /not a resource graph of version 1/],
  ])("a lock file that %s is an error with its fix", async (_, content, message) => {
    const root = folder();
    mkdirSync(path.join(root, "infra"));
    if (content !== undefined) writeFileSync(path.join(root, "infra/cloud.lock.json"), content);
    await expect(startCloud({ root, port: 0 })).rejects.toThrow(message);
  });
});

describe("presigned links", () => {
  const sign = (cloud: TestCloud, expiresIn: number) =>
    getSignedUrl(new S3Client(cloud.client), new GetObjectCommand({ Bucket: "b", Key: "a b+é" }), {
      expiresIn,
    });

  test("are valid unchanged, and invalid when altered", async () => {
    const cloud = await start();
    await put(cloud, "shared");
    const link = await sign(cloud, 60);
    expect(await (await fetch(link)).text()).toBe("shared");
    const altered = await fetch(link.replace("/b/", "/c/"));
    expect([altered.status, await altered.text()]).toEqual([
      403,
      expect.stringContaining("SignatureDoesNotMatch"),
    ]);
    expect((await fetch(link, { method: "DELETE" })).status).toBe(403);
  });

  test("expire by the cloud's clock", async () => {
    const cloud = await start();
    await put(cloud, "shared");
    const link = await sign(cloud, 60);
    expect((await admin(cloud, "POST", "clock", { advanceMs: 120_000 })).status).toBe(200);
    const late = await fetch(link);
    expect([late.status, await late.text()]).toEqual([403, expect.stringContaining("Request has expired")]);
  });
});

describe("the admin routes", () => {
  test("return the health, and store and return fault rules", async () => {
    const cloud = await start();
    expect(await (await admin(cloud, "GET", "health")).json()).toMatchObject({
      status: "ok",
      services: ["iam", "sts", "s3"],
    });
    const rules = [{ point: "s3:PutObject", kind: "error", code: "InternalError", status: 500, times: 2 }];
    await admin(cloud, "PUT", "faults", { rules });
    await put(cloud, "third time lucky");
    expect(await (await admin(cloud, "GET", "faults")).json()).toMatchObject({ rules: [{ applied: 2 }] });
    expect(await get(cloud)).toBe("third time lucky");
  });

  test("move the clock up to its end and not beyond, in any number of steps", async () => {
    const cloud = await start();
    const advance = async (advanceMs: number) =>
      (await admin(cloud, "POST", "clock", { advanceMs })).json() as Promise<{
        now?: string;
        message: string;
      }>;
    const refused = await advance(1e15);
    const [, most] = /less than (\d+): the clock ends at 2200-01-01/.exec(refused.message) ?? [];
    // Some time passes between the two requests.
    expect((await advance(Number(most) - 60_000)).now).toMatch(/^2199-12-31T23:/);
    expect(await advance(60_000)).toMatchObject({ code: "ClockInvalid" });
    expect((await admin(cloud, "GET", "health")).status).toBe(200);
  });

  test.each([
    ["an unknown path", "GET", "bridge", undefined, {}, 404, "NotFound"],
    ["text as a time", "POST", "clock", { advanceMs: "soon" }, {}, 400, "ClockInvalid"],
    ["a time in the past", "POST", "clock", { advanceMs: -1 }, {}, 400, "ClockInvalid"],
    ["a year beyond the clock's end", "POST", "clock", { advanceMs: 1e15 }, {}, 400, "ClockInvalid"],
    ["a time beyond the range of dates", "POST", "clock", { advanceMs: 1e300 }, {}, 400, "ClockInvalid"],
    [
      "an invalid rule",
      "PUT",
      "faults",
      { rules: [{ point: "a", kind: "odd" }] },
      {},
      400,
      "FaultRuleInvalid",
    ],
    [
      "a page of another site",
      "PUT",
      "faults",
      { rules: [] },
      { origin: "http://evil.example" },
      403,
      "OriginNotAllowed",
    ],
  ])("reject %s", async (_, method, name, body, headers, status, code) => {
    const cloud = await start();
    const answer = await admin(cloud, method, name, body, headers);
    expect([answer.status, await answer.json()]).toEqual([status, expect.objectContaining({ code })]);
  });
});
