// From a package to predictions with the real binary: import, deploy, evaluate, compare, shift traffic, predict locally.
// The floor plans and the detector are generated; only the vehicles model is trained.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { create, list } from "tar";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { writeDetector } from "../support/detector.ts";
import { operate } from "../support/operator.ts";
import { differently } from "../support/package.ts";
import { packageOf, sampleOf } from "../support/sample.ts";
import { resolved } from "../support/standalone.ts";
import { sluice, start } from "./sluice.ts";

let folder: string;
const file = (name: string) => path.join(folder, name);
const run = (...args: string[]) => sluice([...args, "--dir", file("state")]);
const json = async (...args: string[]) => {
  const done = await run(...args, "--json");
  expect(done, done.stderr).toMatchObject({ code: 0 });
  return done.json();
};

let running: Awaited<ReturnType<typeof start>>;
let stage: ReturnType<typeof operate>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sluice-versions-"));
  running = await start(["--no-samples", "--port", "0", "--dir", file("state")]);
  const { endpoint, environment } = running.state;
  stage = operate({ ...resolved(endpoint), environment });
  const good = await packageOf("vehicles");
  await writeFile(file("vehicles.tar.gz"), good);
  const other = await differently(good, { manifest: (given) => ({ ...given, training: { word: "other" } }) });
  await writeFile(file("other.tar.gz"), other);
  await writeFile(file("short.tar.gz"), good.subarray(0, good.length / 2));
  await writeFile(file("notes.txt"), "no model");
  await create({ gzip: true, file: file("hostile.tar.gz"), cwd: folder, preservePaths: true }, [
    file("notes.txt"),
  ]);
  for (const index of [1, 2, 3])
    await writeFile(file(`${index}.jpg`), (await sampleOf("vehicles", index)).bytes);
  await writeDetector(file("detector"));
}, 300_000);
afterAll(async () => {
  await running.stop();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => stage.faults());

describe("sluice provision", () => {
  test("deploys a package, prints each step, and changes nothing the second time", async () => {
    const first = await run("provision", "vehicles", "--model", file("vehicles.tar.gz"));
    expect(first.code).toBe(0);
    expect(first.stderr).toMatch(/creating the SageMaker model[^]*verifying the live endpoint/);
    expect(first.stdout).toMatch(
      /✓ sluice-local-vehicles-serverless serves version [0-9a-f]{12} \([\d.]+ s\)/,
    );
    const again = await run("provision", "vehicles", "--model", file("vehicles.tar.gz"));
    expect(again.stdout).toMatch(/already serves version [0-9a-f]{12}\. Nothing was changed/);
    expect(await json("provision", "vehicles")).toMatchObject({ action: "unchanged" });
  }, 120_000);

  test.each<[number, string, RegExp, string, string[]]>([
    [3, "FILE_MISSING", /nowhere/, "vehicles", ["nowhere.tar.gz"]],
    [2, "PACKAGE_INVALID", /complete tar\.gz/, "vehicles", ["short.tar.gz"]],
    [2, "PACKAGE_HOSTILE", /absolute path/, "vehicles", ["hostile.tar.gz"]],
    [1, "PACKAGE_MISMATCH", /for image-classification; blueprints is declared/, "blueprints", ["vehicles.tar.gz"]],
    [1, "PACKAGE_MISMATCH", /cats does not declare/, "cats", ["vehicles.tar.gz"]],
    [3, "MODEL_UNKNOWN", /horses/, "horses", ["vehicles.tar.gz"]],
    [2, "PACKAGE_INVALID", /format of its output/, "blueprints", ["detector/model.onnx"]],
    [
      1,
      "PACKAGE_INVALID",
      /does not work with these options/,
      "blueprints",
      ["detector/model.onnx", "--head", "yolov8"],
    ],
    [1, "PACKAGE_INVALID", /cannot be loaded/, "blueprints", ["notes.txt", "--head", "nms"]],
    [2, "PACKAGE_INVALID", /is not a file/, "vehicles", ["."]],
    [2, "USAGE_WRONG", /--version/, "vehicles", ["vehicles.tar.gz", "--version", ""]],
    [2, "PACKAGE_INVALID", /tokenizer/, "compliance", ["detector/model.onnx", "--head", "softmax"]],
  ])(
    "exits with %i and %s for an invalid package: %s",
    async (exit, code, says, model, [name, ...more]) => {
      const done = await run("provision", model, "--model", file(name!), ...more);
      expect(done).toMatchObject({ code: exit, stdout: "" });
      expect(done.stderr).toMatch(says);
      expect(done.stderr).toMatch(new RegExp(`^${code}: .+\n {2}\\w.+`));
    },
    60_000,
  );

  test("--detach returns at once, and the history shows the end of the deployment", async () => {
    const started = await json("provision", "vehicles", "--model", file("other.tar.gz"), "--detach");
    expect(started).toMatchObject({ action: "started", deployment: { status: "running" } });
    await stage.deployed(started.deployment.id);
    const [last] = await json("endpoint", "history", "vehicles", "--limit", "1");
    expect(last).toMatchObject({ id: started.deployment.id, status: "live", requestedBy: "local owner" });
    const printed = await run("endpoint", "history", "vehicles");
    expect(printed.stdout).toMatch(
      /^started .*version .*status .*step .*requested by .*reason\n.*live +done +local owner/,
    );
  }, 120_000);
});

describe("An imported ONNX detector", () => {
  const options = ["--head", "yolov8", "--size", "192", "--resize", "stretch"];

  test("is deployed, finds rooms in a new plan, and is evaluated on generated plans", async () => {
    await json("dataset", "generate", "blueprints", "--images", "24", "--seed", "5");
    const dataset = await json("dataset", "prepare", "blueprints");
    const served = await run("provision", "blueprints", "--model", file("detector/model.onnx"), ...options);
    expect(served.stdout).toContain("sluice-local-blueprints-serverless serves version");

    await run("dataset", "generate", "blueprints", "--images", "2", "--seed", "77", "--out", file("plans"));
    const [name] = await readdir(file("plans/images"));
    const plan = path.join(file("plans/images"), name!);
    const found = await json("predict", "blueprints", plan);
    expect(found).toMatchObject({ task: "object-detection", path: "endpoint" });
    expect(found.detections.map((one: { class: string }) => one.class)).toContain("room");
    const here = await json("predict", "blueprints", plan, "--by", "local");
    expect(here).toMatchObject({ path: "local", modelVersion: found.modelVersion });
    close(here.detections, found.detections);

    const { idFor } = await stage.upload("uploads/blueprints/plan.png", await readFile(plan));
    expect(await stage.prediction(idFor("blueprints"))).toMatchObject({ status: "completed" });

    const evaluated = await json("evaluate", "blueprints");
    expect(evaluated).toMatchObject({
      status: "accepted",
      evaluationDataset: dataset.id,
      evaluation: { meanAveragePrecision: { at50: expect.any(Number) } },
    });
    expect(evaluated.dataset).toBeUndefined();
    const room = evaluated.evaluation.meanAveragePrecision.perClass.find(
      (one: { class: string }) => one.class === "room",
    );
    expect(room.at50).toBeGreaterThan(0.2);
    const printed = await run("versions", "show", "blueprints");
    expect(printed.stdout).toMatch(/held-out items · mAP@\.5 0\.\d+[^]*room +0\.\d+ +0\.\d+/);
    const list = await run("versions", "list", "blueprints");
    expect(list.stdout).toMatch(/mAP@\.5[^]*accepted +live +0\.\d{4} +uploaded/);
  }, 240_000);

  test("is exported as a package, and in the layout of SageMaker's PyTorch container", async () => {
    const stock = file("stock.tar.gz");
    await json("versions", "export", "blueprints", "latest", stock, "--layout", "pytorch");
    const names: string[] = [];
    await list({ file: stock, onReadEntry: ({ path: name }) => void names.push(name) });
    expect(names.sort()).toEqual([
      "code/boxes.py",
      "code/images.py",
      "code/inference.py",
      "code/requirements.txt",
      "code/texts.py",
      "model.onnx",
      "sluice.json",
    ]);
    await json("versions", "export", "blueprints", "latest", file("exported.tar.gz"));
    const again = await json("provision", "blueprints", "--model", file("exported.tar.gz"));
    expect(again.action).toBe("unchanged");
  }, 60_000);
});

describe("Two versions", () => {
  test("are listed and compared, and share the traffic until one is aborted or live", async () => {
    const [newest, older] = await json("versions", "list", "vehicles");
    const both = await json("versions", "compare", "vehicles", older.version, "latest");
    expect(both).toMatchObject({ left: { version: older }, right: { version: newest } });
    const printed = await run("versions", "compare", "vehicles", older.version.slice(0, 6), "latest");
    expect(printed.stdout).toContain(`sluice evaluate vehicles --version ${older.version}`);
    expect((await run("versions", "show", "vehicles", "ffff")).code).toBe(3);

    const set = await run("traffic", "set", "vehicles", "--version", older.version, "--share", "10");
    expect(set.stdout).toContain(`version ${older.version} serves 10 % of the predictions of vehicles`);
    expect(await json("traffic", "show", "vehicles")).toMatchObject({
      version: newest.version,
      candidate: { version: older.version, share: 10 },
    });
    expect((await run("traffic", "abort", "vehicles")).stdout).toContain(
      `${newest.version} serves all predictions`,
    );
    expect(await run("traffic", "abort", "vehicles")).toMatchObject({ code: 3 });

    const shift = ["traffic", "shift", "vehicles", "--version", older.version];
    expect((await run(...shift, "--steps", "50,10")).code).toBe(2);
    const all = await run("traffic", "set", "vehicles", "--version", older.version, "--share", "100");
    expect(all.stdout).toContain(`version ${older.version} serves all predictions`);
    expect((await run("traffic", "show", "vehicles")).stdout).toBe(`${older.version}  100 %\n`);
  }, 180_000);

  test("an evaluation without held-out data fails with a hint", async () => {
    const done = await run("evaluate", "vehicles");
    expect(done).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("sluice dataset prepare vehicles"),
    });
  });
});

describe("An endpoint", () => {
  test("has a status, and a benchmark that excludes the first call", async () => {
    expect((await run("endpoint", "status", "vehicles")).stdout).toMatch(/vehicles-serverless {2}InService/);
    const found = await json(
      "endpoint",
      "benchmark",
      "vehicles",
      file("1.jpg"),
      "--calls",
      "6",
      "--at-once",
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
    const printed = await run("endpoint", "benchmark", "vehicles", file("1.jpg"), "--calls", "2");
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
      close(one.probabilities, there[index].probabilities);
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

  test("predicts on this machine if no endpoint is in service, prints that once, and downloads the package once", async () => {
    const gone = await run("endpoint", "delete", "vehicles", "--yes");
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

/** Expects all numbers in both values to be equal to 1e-5. */
function close(one: unknown, other: unknown) {
  const numbers = (value: unknown): number[] => {
    if (typeof value === "number") return [value];
    return value && typeof value === "object" ? Object.values(value).flatMap(numbers) : [];
  };
  const [left, right] = [numbers(one), numbers(other)];
  expect(left.length).toBe(right.length);
  expect(Math.max(...left.map((value, index) => Math.abs(value - right[index]!)))).toBeLessThan(1e-5);
}
