// From labels to an evaluated version with the container torch: the real command, the local cloud, the Python trainer.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { torchFolder } from "@sluice/core/training/torch/environment.ts";
import { unpack } from "@sluice/inference/archive.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sluice, start } from "../cli/sluice.ts";

const folder = mkdtempSync(path.join(tmpdir(), "sluice-torch-"));
const here = ["--dir", path.join(folder, "state")];
const environment = { SLUICE_TORCH: torchFolder() };
const run = (line: string) => sluice([...line.split(" "), ...here]);

let running: Awaited<ReturnType<typeof start>>;
beforeAll(async () => {
  running = await start(["--no-samples", "--port", "0", ...here], environment);
});
afterAll(async () => {
  await running?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const figures: Record<string, string> = { drones: "mAP50", cats: "accuracy", compliance: "accuracy" };

test.each([
  ["cats", 60, "--container torch --image-size 64 --size n --epochs 2 --keep-weights yes"],
  ["compliance", 90, "--epochs 2"],
  ["drones", 24, "--image-size 128 --size n --epochs 1 --mosaic 0 --quantize none"],
])("%s: dataset, training, version and evaluation", async (model, count, options) => {
  expect((await run(`datasets generate ${model} --samples ${count}`)).code).toBe(0);
  const { code, stdout, stderr } = await run(`train ${model} ${options} --json`);
  expect({ code, problem: /"code".*/.exec(stderr)?.[0] }).toEqual({ code: 0, problem: undefined });
  const { run: trained, version } = JSON.parse(stdout);
  expect(trained).toMatchObject({ status: "Completed", container: "torch", profile: "cpu" });
  expect(trained.metrics).toMatchObject({ "train:loss": expect.any(Number) });
  expect(version).toMatchObject({ evaluation: "done", run: trained.name });
  expect(version.metrics[figures[model]!]).toBeGreaterThanOrEqual(0);
});

test("a training continues from an earlier version", async () => {
  const { version } = (await run("versions show cats --json")).json();
  const more = `--container torch --image-size 64 --epochs 1 --skip-data-prep --keep-weights yes --json`;
  const continued = (await run(`train cats --weights ${version} ${more}`)).json();
  expect(continued.run.startPoint).toMatchObject({ version });
  const { stdout } = await run(`trainings logs ${continued.run.name}`);
  expect(stdout).toMatch(/weights: \d+ tensors loaded/);
});

test("a training starts from weights on this machine", async () => {
  const archive = path.join(folder, "cats.tar.gz");
  expect((await run(`versions export cats latest ${archive}`)).code).toBe(0);
  await unpack(archive, path.join(folder, "package"));
  const weights = path.join(folder, "package/weights.safetensors");
  const { json, stderr } = await run(
    `train cats --weights ${weights} --container torch --image-size 64 --epochs 1 --skip-data-prep --json`,
  );
  expect(stderr).toMatch(/uploading weights\.safetensors/);
  expect(json().run).toMatchObject({
    status: "Completed",
    startPoint: { uri: expect.stringMatching(/^s3:\/\/.*\/incoming\/cats\/[0-9a-f-]{36}\/$/) },
  });
});

test("an option that only the trainer can check fails the run with its reason", async () => {
  const { code, stderr } = await run("train compliance --train-only-top-layer yes --skip-data-prep");
  expect(code).toBe(1);
  expect(stderr).toMatch(/TRAINING_FAILED: .*OPTION_INVALID: trainOnlyTopLayer/);
});
