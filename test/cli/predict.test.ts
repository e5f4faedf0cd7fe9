// Predictions by `sluice predict`: from the endpoint, and on this machine where no endpoint serves the model.
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { scene } from "@sluice/labels/inspect/pictures.fixture.ts";
import { expectEqualNumbers } from "../support/numbers.ts";
import { operate } from "../support/operator.ts";
import { differently } from "../support/package.ts";
import { packageOf, sampleOf } from "../support/sample.ts";
import { resolved } from "../support/standalone.ts";
import { runCommand } from "./command.ts";
import { start } from "./sluice.ts";

let folder: string;
const file = (name: string) => path.join(folder, name);
const run = (...args: string[]) => runCommand([...args, "--dir", file("state")]);
const json = async (...args: string[]) => {
  const done = await run(...args, "--json");
  expect(done, done.stderr).toMatchObject({ code: 0 });
  return done.json();
};

let running: Awaited<ReturnType<typeof start>>;
let stage: ReturnType<typeof operate>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sluice-predict-"));
  running = await start(["--no-samples", "--port", "0", "--dir", file("state")]);
  const { endpoint, environment } = running.state;
  stage = operate({ ...resolved(endpoint), environment });
  await stage.deploy("vehicles");
  // Newer than the live version, so that they differ once no version is live.
  const newer = await differently(await packageOf("vehicles"), {
    manifest: (given) => ({ ...given, training: { word: "newer" } }),
  });
  await stage.importPackage("vehicles", newer);
  await writeFile(file("notes.txt"), "no image");
  for (const index of [1, 2, 3])
    await writeFile(file(`${index}.jpg`), (await sampleOf("vehicles", index)).bytes);
}, 120_000);
afterAll(async () => {
  await running.stop();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => stage.faults());

describe("An endpoint", () => {
  test("has a status, and a benchmark that excludes the first call", async () => {
    expect((await run("endpoints", "status", "vehicles")).stdout).toMatch(/vehicles-serverless {2}InService/);
    const found = await json(
      "endpoints",
      "benchmark",
      "vehicles",
      file("1.jpg"),
      "--calls",
      "6",
      "--concurrency",
      "2",
    );
    const figures = { p50: expect.any(Number), p95: expect.any(Number), p99: expect.any(Number) };
    expect(found).toMatchObject({
      calls: 6,
      first: expect.any(Number),
      ms: figures,
      engineMs: figures,
      failed: {},
    });
    const printed = await run("endpoints", "benchmark", "vehicles", file("1.jpg"), "--calls", "2");
    expect(printed.stdout).toMatch(/first +\d+ ms, excluded below[^]*total +p50 \d+ ms +p95/);
  }, 60_000);
});

describe("sluice predict", () => {
  const failing = (code: string, status: number) =>
    stage.faults({ point: "sagemaker:InvokeEndpoint", kind: "error", code, status });

  test("returns the same result from the endpoint and on this machine", async () => {
    const files = [1, 2, 3].map((index) => file(`${index}.jpg`));
    const there = await json("predict", "vehicles", ...files, "--by", "endpoint");
    const here = await json("predict", "vehicles", ...files, "--by", "local");
    expect(here.map((one: { path: string }) => one.path)).toEqual(["local", "local", "local"]);
    for (const [index, one] of here.entries()) {
      expect(one.modelVersion).toBe(there[index].modelVersion);
      expectEqualNumbers(one.probabilities, there[index].probabilities);
    }
  }, 60_000);

  test.each<[string, number, string, () => Promise<unknown>, string[]]>([
    ["forbidden", 4, "ENDPOINT_FORBIDDEN", () => failing("AccessDeniedException", 403), ["1.jpg"]],
    ["throttled", 5, "ENDPOINT_THROTTLED", () => failing("ThrottlingException", 400), ["1.jpg"]],
    ["without credentials", 4, "TOKEN_INVALID", async () => {}, ["1.jpg", "--token", "wrong"]],
    ["not an image", 2, "UNREADABLE|TYPE_NOT_ACCEPTED", async () => {}, ["notes.txt"]],
  ])(
    "fails without trying this machine when the request is %s",
    async (_, exit, code, arrange, [name, ...more]) => {
      await arrange();
      const done = await run("predict", "vehicles", file(name!), ...more);
      expect(done).toMatchObject({ code: exit, stdout: "" });
      expect(done.stderr).toMatch(new RegExp(code));
      expect(done.stderr).not.toContain("on this machine");
    },
    60_000,
  );

  test("with several files, reports the invalid ones and predicts the others", async () => {
    const files = ["1.jpg", "notes.txt", "nowhere.jpg", "2.jpg"].map(file);
    const done = await run("predict", "vehicles", ...files, "--json");
    expect(done.code).toBe(2);
    expect(done.stderr).toContain("2 of 4 files have no prediction.");
    expect(done.json()).toEqual([
      expect.objectContaining({ file: file("1.jpg"), path: "endpoint" }),
      expect.objectContaining({ file: file("2.jpg"), path: "endpoint" }),
      {
        file: file("notes.txt"),
        error: expect.objectContaining({ code: expect.stringMatching(/^[A-Z_]+$/) }),
      },
      { file: file("nowhere.jpg"), error: expect.objectContaining({ code: "FILE_MISSING" }) },
    ]);
  }, 60_000);

  test("reads an object of S3, and tells a missing, a forbidden, a too large and an invalid one apart", async () => {
    const bucket = running.state.buckets.uploads as string;
    const { bytes } = await sampleOf("vehicles", 1);
    await stage.upload("data/vehicles/one.jpg", bytes);
    await stage.upload("data/vehicles/notes.txt", "no image");
    await stage.upload("data/vehicles/large.jpg", Buffer.alloc(7_000_000));
    const uri = (name: string) => `s3://${bucket}/data/vehicles/${name}`;
    const found = await json("predict", "vehicles", uri("one.jpg"));
    expect(found).toMatchObject({ file: uri("one.jpg"), path: "endpoint" });
    const cases: Array<[string, number, RegExp]> = [
      [uri("none.jpg"), 3, /^OBJECT_MISSING: s3:\/\/.*none\.jpg does not exist\.\n {2}\w/],
      ["s3://no-such-bucket-here/one.jpg", 3, /^BUCKET_UNKNOWN: .*no-such-bucket-here does not exist/],
      [uri("notes.txt"), 2, /^TYPE_NOT_ACCEPTED: /],
      [uri("large.jpg"), 2, /^OBJECT_TOO_LARGE: s3:\/\/.*large\.jpg has more than 6291456 bytes/],
      [`s3://${bucket}/`, 2, /^S3_URI_INVALID: /],
    ];
    for (const [source, exit, says] of cases) {
      const done = await run("predict", "vehicles", source);
      expect(done, done.stderr).toMatchObject({
        code: exit,
        stdout: "",
        stderr: expect.stringMatching(says),
      });
    }
    await stage.faults({ point: "s3:GetObject", kind: "error", code: "AccessDenied", status: 403 });
    const denied = await run("predict", "vehicles", uri("one.jpg"));
    expect(denied).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/^STORAGE_FORBIDDEN: s3:GetObject/),
    });
  }, 60_000);

  test("exits with 6 below the threshold only with --fail-below-threshold, and prints the result", async () => {
    await writeFile(file("noise.png"), await scene(4));
    const below = await run("predict", "vehicles", file("noise.png"));
    expect(below).toMatchObject({ code: 0, stdout: expect.stringContaining("below threshold") });
    const failing = await run("predict", "vehicles", file("noise.png"), "--fail-below-threshold");
    expect(failing).toMatchObject({ code: 6, stderr: "1 of 1 results are below the threshold.\n" });
    expect(failing.stdout).toContain("below threshold");
    const several = [file("1.jpg"), file("noise.png"), "--fail-below-threshold"];
    expect(await run("predict", "vehicles", ...several)).toMatchObject({ code: 6 });
    expect(await run("predict", "vehicles", file("1.jpg"), "--fail-below-threshold")).toMatchObject({
      code: 0,
    });
  }, 60_000);

  test("predicts on this machine if no endpoint is in service, prints that once, and downloads the package once", async () => {
    const gone = await run("endpoints", "delete", "vehicles", "--yes");
    expect(gone.stdout).toContain("sluice-local-vehicles-serverless is being deleted");
    const done = await run("predict", "vehicles", file("1.jpg"), file("2.jpg"), "--json");
    expect(done.code).toBe(0);
    expect(done.json().map((one: { path: string }) => one.path)).toEqual(["local", "local"]);
    expect(done.stderr.match(/on this machine/g)).toHaveLength(1);
    expect(await readdir(file("state/models/vehicles"))).toHaveLength(2);
    const refused = await run("predict", "vehicles", file("1.jpg"), "--by", "endpoint");
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringMatching(/^ENDPOINT_NOT_/) });
  }, 60_000);

  test("fails if there is neither an endpoint nor a version", async () => {
    const done = await run("predict", "cats", file("1.jpg"));
    expect(done).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/^ENDPOINT_NOT_FOUND.*\n.*provision/),
    });
  });
});
