// From a package to an endpoint: import, deploy, evaluate, compare, shift traffic.
// The floor plans and the detector are generated; only the vehicles model is trained.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { create, list } from "tar";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { writeDetector } from "../support/detector.ts";
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
  await writeDetector(file("detector"));
}, 120_000);
afterAll(async () => {
  await running.stop();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => stage.faults());

describe("sluice provision", () => {
  test("deploys a package, prints each step, and changes nothing the second time", async () => {
    const first = await run("provision", "vehicles", "--package", file("vehicles.tar.gz"));
    expect(first.code).toBe(0);
    expect(first.stderr).toMatch(/creating the SageMaker model[^]*verifying the live endpoint/);
    expect(first.stdout).toMatch(
      /✓ sluice-local-vehicles-serverless serves version [0-9a-f]{12} \([\d.]+ s\)/,
    );
    const again = await run("provision", "vehicles", "--package", file("vehicles.tar.gz"));
    expect(again.stdout).toMatch(/already serves version [0-9a-f]{12}\. Nothing was changed/);
    expect(await json("provision", "vehicles")).toMatchObject({ action: "unchanged" });
  }, 120_000);

  test("names the settings that return to the declaration, and lists what each deployment changed", async () => {
    const larger = await run("provision", "vehicles", "--memory", "3072");
    expect(larger.stderr).not.toContain("as declared");
    const back = await run("provision", "vehicles");
    expect(back.stderr).toContain(
      "  memory changes from 3072 to 2048, as declared. To keep it, add --memory 3072.\n",
    );
    const listed = (await run("deployments", "list", "vehicles")).stdout.split("\n");
    expect(listed[1]).toContain("memory 3072 -> 2048");
    expect(listed[2]).toContain("memory 2048 -> 3072");
    expect(listed[3]).not.toContain("->");
  }, 120_000);

  test("deploys a package from S3", async () => {
    await stage.upload("data/vehicles/model.tar.gz", await readFile(file("vehicles.tar.gz")));
    const uri = `s3://${running.state.buckets.uploads}/data/vehicles/model.tar.gz`;
    for (const option of ["--package", "--model"]) {
      const done = await run("provision", "vehicles", option, uri);
      expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining("already serves version") });
    }
    const missing = await run("provision", "vehicles", "--package", `${uri}.old`);
    expect(missing).toMatchObject({ code: 3, stderr: expect.stringContaining("OBJECT_MISSING: s3://") });
  }, 120_000);

  test.each<[number, string, RegExp, string, string[]]>([
    [3, "FILE_MISSING", /nowhere/, "vehicles", ["nowhere.tar.gz"]],
    [2, "PACKAGE_INVALID", /complete tar\.gz/, "vehicles", ["short.tar.gz"]],
    [2, "PACKAGE_HOSTILE", /absolute path/, "vehicles", ["hostile.tar.gz"]],
    [
      1,
      "PACKAGE_MISMATCH",
      /for image-classification; blueprints is declared/,
      "blueprints",
      ["vehicles.tar.gz"],
    ],
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
      const done = await run("provision", model, "--package", file(name!), ...more);
      expect(done).toMatchObject({ code: exit, stdout: "" });
      expect(done.stderr).toMatch(says);
      expect(done.stderr).toMatch(new RegExp(`^${code}: .+\n {2}\\w.+`));
    },
    60_000,
  );

  test("--detach returns at once, and the history shows the end of the deployment", async () => {
    const started = await json("provision", "vehicles", "--package", file("other.tar.gz"), "--detach");
    expect(started).toMatchObject({ action: "started", deployment: { status: "running" } });
    await stage.deployed(started.deployment.id);
    const [last] = (await json("deployments", "list", "vehicles", "--limit", "1")).items;
    expect(last).toMatchObject({ id: started.deployment.id, status: "live", requestedBy: "local owner" });
    const printed = await run("deployments", "list", "vehicles");
    expect(printed.stdout).toMatch(
      /^started .*version .*changes .*status .*step .*requested by .*reason\n.*live +done +local owner/,
    );
  }, 120_000);
});

describe("An imported ONNX detector", () => {
  const options = ["--head", "yolov8", "--size", "192", "--resize", "stretch"];

  test("is deployed, finds rooms in a new plan, and is evaluated on generated plans", async () => {
    await json("datasets", "generate", "blueprints", "--samples", "24", "--seed", "5");
    const dataset = await json("datasets", "prepare", "blueprints");
    const served = await run("provision", "blueprints", "--package", file("detector/model.onnx"), ...options);
    expect(served.stdout).toContain("sluice-local-blueprints-serverless serves version");

    await run("datasets", "generate", "blueprints", "--samples", "2", "--seed", "77", "--out", file("plans"));
    const [name] = await readdir(file("plans/images/train"));
    const plan = path.join(file("plans/images/train"), name!);
    const found = await json("predict", "blueprints", plan);
    expect(found).toMatchObject({ task: "object-detection", path: "endpoint" });
    expect(found.detections.map((one: { class: string }) => one.class)).toContain("room");
    const here = await json("predict", "blueprints", plan, "--by", "local");
    expect(here).toMatchObject({ path: "local", modelVersion: found.modelVersion });
    expectEqualNumbers(here.detections, found.detections);

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
    const again = await json("provision", "blueprints", "--package", file("exported.tar.gz"));
    expect(again.action).toBe("unchanged");
  }, 60_000);
});

describe("Two versions", () => {
  /** Until each version served two predictions: one has no spread. Returns the number of each. */
  async function uploadUntilServedBy(...versions: string[]) {
    const counts = new Map(versions.map((version) => [version, 0]));
    for (let at = 0; versions.some((version) => counts.get(version)! < 2); at++) {
      if (at === 60) throw new Error(`60 uploads were served by ${[...counts]}.`);
      const { bytes, contentType } = await sampleOf("vehicles", at);
      const { idFor } = await stage.upload(`uploads/vehicles/${at}`, bytes, { ContentType: contentType });
      const { modelVersion } = await stage.prediction(idFor("vehicles"));
      counts.set(modelVersion!, counts.get(modelVersion!)! + 1);
    }
    return counts;
  }

  test("are listed and compared, and share the traffic until one is aborted or live", async () => {
    const [newest, older] = (await json("versions", "list", "vehicles")).items;
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
    await json("traffic", "set", "vehicles", "--version", older.version, "--share", "50");
    const served = await uploadUntilServedBy(newest.version, older.version);
    const report = await json("traffic", "report", "vehicles");
    expect(report).toMatchObject({
      current: { version: newest.version, predictions: served.get(newest.version), failures: 0 },
      candidate: { version: older.version, predictions: served.get(older.version), failures: 0 },
      recommendation: { decision: "wait" },
    });
    const compared = await run("traffic", "report", "vehicles", "--from", "1h");
    expect(compared.stdout).toMatch(
      new RegExp(
        `${newest.version} +${older.version} +difference[^]*predictions[^]*p95 +\\d+ ms \\(\\d+ ms to`,
      ),
    );
    expect(compared.stdout).toMatch(/\nwait: \d+ predictions of .*, at least 30 are needed\.\n$/);
    expect(await run("traffic", "report", "vehicles", "--versions", "ffff,latest")).toMatchObject({
      code: 3,
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
      stderr: expect.stringContaining("sluice datasets prepare vehicles"),
    });
  });
});
