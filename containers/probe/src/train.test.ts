import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadEngine } from "@sluice/inference/engine/engine.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runProbe } from "../../../test/support/program.ts";
import { writeSamples } from "@sluice/samples/write.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "sluice-probe-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const channel = (name: string) => path.join(dir, "input/data", name);
const runTraining = (hyperparameters: Record<string, string>) => runProbe(dir, hyperparameters);

test("a training job writes a package that reaches its metrics on unseen images", async () => {
  await writeSamples("cats", channel("train"), { seed: 3, from: 0, count: 84 });
  await writeSamples("cats", channel("validation"), { seed: 3, from: 84, count: 42 });
  const { code, log } = await runTraining({ model: '"cats"', epochs: "12", copies: "1" });
  expect(code).toBe(0);
  expect(log).toMatch(/epoch=1; train:loss=[\d.]+; validation:loss=[\d.]+; validation:accuracy=[\d.]+;/);

  const metrics = JSON.parse(await readFile(path.join(dir, "model/metrics.json"), "utf8")) as {
    accuracy: number;
    confusion: number[][];
  };
  expect(metrics.accuracy).toBeGreaterThan(0.7);
  expect(metrics.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(42);

  const engine = await loadEngine(path.join(dir, "model"), { threads: 1 });
  try {
    expect(engine.manifest).toMatchObject({ model: "cats", training: { job: "job-1" } });
    let right = 0;
    for (const label of await readdir(channel("validation")))
      for (const file of await readdir(path.join(channel("validation"), label))) {
        const answer = await engine.predict(await readFile(path.join(channel("validation"), label, file)));
        if (answer.task !== "object-detection" && answer.predictions[0]!.class === label) right++;
      }
    expect(right / 42).toBeCloseTo(metrics.accuracy, 10);
  } finally {
    await engine.close();
  }
});

test("equal seeds result in equal models, other seeds in others", async () => {
  await writeSamples("compliance", channel("train"), { seed: 1, from: 0, count: 90 });
  const versions: string[] = [];
  for (const seed of ["5", "5", "6"]) {
    expect((await runTraining({ seed, epochs: "3" })).code).toBe(0);
    const manifest = JSON.parse(await readFile(path.join(dir, "model/sluice.json"), "utf8")) as {
      version: string;
    };
    versions.push(manifest.version);
  }
  expect(versions[0]).toBe(versions[1]);
  expect(versions[0]).not.toBe(versions[2]);
});

test("an unreadable image is skipped and named", async () => {
  await writeSamples("vehicles", channel("train"), { seed: 1, from: 0, count: 25 });
  await writeFile(path.join(channel("train"), "car/broken.jpg"), "not a picture");
  const { code, log } = await runTraining({ epochs: "1", copies: "0" });
  expect(code).toBe(0);
  expect(log).toContain("skipped car/broken.jpg");
});

test.each<[string, Record<string, string>, () => Promise<void>, RegExp]>([
  ["no data", {}, async () => {}, /no 'train' channel/],
  ["a bad hyperparameter", { epochs: "0" }, () => texts("a", "b"), /'epochs' is '0'/],
  ["a hyperparameter without a value", { epochs: "" }, () => texts("a", "b"), /'epochs' is '': is empty/],
  ["classes that are no list", { classes: "[a" }, () => texts("a", "b"), /'classes' .* not a JSON array/],
  [
    "a detector",
    { task: "object-detection" },
    () => texts("a", "b"),
    /trains classifiers of images and texts/,
  ],
  ["one class only", {}, () => texts("a"), /at least two classes/],
  ["an undeclared label", { classes: "a,b" }, () => texts("a", "b", "c"), /'c' is not one of/],
  [
    "a manifest with a path outside its channel",
    {},
    () => manifest('{"file":"../../../etc/passwd","label":"a"}'),
    /outside the channel/,
  ],
  ["a manifest that is not JSON", {}, () => manifest("nonsense"), /line 1 is not JSON/],
])("%s fails the job with a reason and the fix", async (_, hyperparameters, prepare, reason) => {
  await prepare();
  const { code, failure } = await runTraining(hyperparameters);
  expect(code).toBe(1);
  expect(failure).toMatch(reason);
});

async function texts(...labels: string[]) {
  for (const label of labels) {
    await mkdir(path.join(channel("train"), label), { recursive: true });
    for (const at of [1, 2, 3, 4])
      await writeFile(path.join(channel("train"), label, `${at}.txt`), `${label} text ${at}`);
  }
}

async function manifest(text: string) {
  await mkdir(channel("train"), { recursive: true });
  await writeFile(path.join(channel("train"), "labels.jsonl"), text);
}
