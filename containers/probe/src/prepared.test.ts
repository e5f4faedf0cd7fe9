import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runProbe } from "../../../test/support/program.ts";
import { generatorOf } from "@sluice/samples/generate.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "sluice-probe-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

interface Line {
  file: string;
  label: string;
  text?: string;
}

const WORDS = { calm: ["all is well", "nothing to do"], alarm: ["fire in the hall", "get out now"] };
const texts = (from: number, count: number): Line[] =>
  Array.from({ length: count }, (_, at) => {
    const label = at % 2 === 0 ? "calm" : "alarm";
    const text = `${WORDS[label][(from + at) % 3 === 0 ? 0 : 1]} number ${from + at}`;
    return { file: `text/${from + at}`, label, text };
  });

async function prepare(train: Line[], validation: Line[], description: object) {
  const folder = path.join(dir, "input/data/dataset");
  await mkdir(folder, { recursive: true });
  for (const [name, lines] of Object.entries({ train, validation }))
    await writeFile(
      path.join(folder, `${name}.jsonl`),
      lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
    );
  await writeFile(path.join(folder, "dataset.json"), JSON.stringify(description));
}

const DESCRIPTION = { id: "ds_1", digest: "d".repeat(64), classes: ["alarm", "calm"] };
const readJson = async (file: string) =>
  JSON.parse(await readFile(path.join(dir, file), "utf8")) as Record<string, unknown>;

test("a prepared dataset's files are read by their keys; a missing one is skipped and named", async () => {
  const lines: Record<"train" | "validation", Line[]> = { train: [], validation: [] };
  for (let index = 0; index < 30; index++) {
    const part = index < 20 ? "train" : "validation";
    const { name, bytes, label } = await generatorOf("vehicles").generate(4, index);
    const file = `data/vehicles/${name}`;
    await mkdir(path.join(dir, "input/data", part, "data/vehicles"), { recursive: true });
    if (index !== 7) await writeFile(path.join(dir, "input/data", part, file), bytes);
    lines[part].push({ file, label: label! });
  }
  await prepare(lines.train, lines.validation, { id: "ds_2", digest: "abc", weights: { car: 3 } });
  const { code, log } = await runProbe(dir, {
    classes: '["bicycle","bus","car","motorcycle","truck"]',
    epochs: "3",
    copies: "0",
    trainOnlyTopLayer: "false",
  });
  expect(code).toBe(0);
  expect(log).toMatch(/skipped data\/vehicles\/.*-00007.*: The file is missing/);
  expect(log).toMatch(/warning: trainOnlyTopLayer=false has no effect/);
  expect(await readJson("model/sluice.json")).toMatchObject({
    datasetDigest: "abc",
    training: { dataset: "ds_2" },
  });
  expect(await readJson("output/data/metrics.json")).toMatchObject({
    epochs: 3,
    unreadable: 1,
    validation: 10,
    history: [{ epoch: 1 }, { epoch: 2 }, { epoch: 3 }],
    perClass: [{ class: "bicycle" }, {}, {}, {}, {}],
  });
});

test("an interrupted job resumes from its checkpoint and ends with the same model", async () => {
  await prepare(texts(0, 24), texts(24, 12), DESCRIPTION);
  const hyperparameters = { patience: "100", learningRate: "0.01" };
  await runProbe(dir, { ...hyperparameters, epochs: "7" });
  const resumed = await runProbe(dir, { ...hyperparameters, epochs: "12" });
  expect(resumed.log).toMatch(/resumed after epoch 7\nepoch=8;/);
  const { version } = await readJson("model/sluice.json");
  await rm(path.join(dir, "checkpoints"), { recursive: true });
  const unbroken = await runProbe(dir, { ...hyperparameters, epochs: "12" });
  expect(unbroken.log).not.toContain("resumed");
  expect((await readJson("model/sluice.json"))["version"]).toBe(version);
});

test("a checkpoint of other data and a damaged one are ignored", async () => {
  await prepare(texts(0, 24), texts(24, 12), DESCRIPTION);
  await runProbe(dir, { epochs: "5" });
  const other = await runProbe(dir, { epochs: "5", seed: "2" });
  expect(other.log).toMatch(/is ignored: it belongs to other data or other hyperparameters/);
  const file = path.join(dir, "checkpoints/probe.checkpoint");
  await writeFile(file, (await readFile(file)).subarray(0, 2000));
  const damaged = await runProbe(dir, { epochs: "5", seed: "2" });
  expect(damaged.code).toBe(0);
  expect(damaged.log).toMatch(/is ignored: /);
});

test("a stopped job keeps its best model", async () => {
  await prepare(texts(0, 24), texts(24, 12), DESCRIPTION);
  const { code, log } = await runProbe(dir, { epochs: "10000", patience: "10000" }, /epoch=3;/);
  expect(code).toBe(0);
  expect(log).toMatch(/final; version=/);
  expect(await readJson("output/data/metrics.json")).toMatchObject({ stoppedBy: "signal" });
});

test.each<[string, Line[], Line[], object, RegExp]>([
  ["an empty dataset", [], [], DESCRIPTION, /no labeled items/],
  [
    "one class",
    texts(0, 8).filter(({ label }) => label === "calm"),
    texts(8, 4),
    DESCRIPTION,
    /Only 1 class/,
  ],
  ["too few items", texts(0, 3), texts(8, 4), DESCRIPTION, /3 items are too few for 2 classes/],
  ["invalid weights", texts(0, 8), texts(8, 4), { weights: { calm: -1 } }, /dataset.json cannot be used/],
  ["a file outside", [{ file: "../../x", label: "a" }], [], {}, /outside the channel/],
])("%s fails the job with a reason", async (_, train, validation, description, reason) => {
  await prepare(train, validation, description);
  const { code, failure } = await runProbe(dir, {});
  expect(code).toBe(1);
  expect(failure).toMatch(reason);
});
