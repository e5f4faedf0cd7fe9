// From labels to a version and its cost.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { EventRecord } from "@sluice/core/event/list.ts";
import { generatorOf } from "@sluice/samples/generate.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommand } from "./command.ts";
import { start } from "./sluice.ts";

const folder = mkdtempSync(path.join(tmpdir(), "sluice-cli-training-"));
const here = ["--dir", path.join(folder, "state")];
const model = "compliance";
const TEXTS = 60;

/** Runs a command line against the Sluice of this test. */
const run = (line: string) => runCommand([...line.split(" "), ...here]);
const train = (more: string) => run(`train ${model} --container probe ${more}`);

let running: Awaited<ReturnType<typeof start>>;
beforeAll(async () => {
  running = await start(["--no-samples", "--port", "0", ...here]);
  const generator = generatorOf(model);
  const lines = await Promise.all(
    Array.from({ length: TEXTS }, async (_, index) => {
      const { bytes, label } = await generator.generate(1, index);
      return JSON.stringify({ text: String(bytes), label });
    }),
  );
  const file = path.join(folder, "texts.jsonl");
  writeFileSync(file, lines.join("\n"));
  const { code, stderr } = await runCommand(["datasets", "import", file, "--model", model, ...here]);
  if (code !== 0) throw new Error(stderr);
}, 120_000);
afterAll(async () => {
  await running?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("Invalid usage fails with its reason:", () => {
  test.each<[number, string | RegExp, string]>([
    [2, /INPUT_INVALID: epochs/, `train ${model} --container probe --epochs 0`],
    [2, /INPUT_INVALID: dropoutRate/, `train ${model} --container probe --dropout-rate 1.5`],
    [2, /INPUT_INVALID: epochs/, `train ${model} --estimate --epochs 0`],
    [
      2,
      /INPUT_INVALID: hyperparameters/,
      `train ${model} --estimate --container probe --hyperparameter alpha=1`,
    ],
    [2, /INPUT_INVALID: maxRuntime: .*`2 hours`/, `train ${model} --max-runtime 2h`],
    [2, "--learning-rate", `train ${model} --learning-rate fast`],
    [2, "yes or no", `train ${model} --train-only-top-layer maybe`],
    [2, "name=value", `train ${model} --hyperparameter alpha`],
    [2, "unknown option", `train ${model} --epoch 3`],
    [2, /TRAINER_UNAVAILABLE: .*PyTorch is not installed[\s\S]*npx sluice setup torch/, `train ${model}`],
    [2, /INPUT_INVALID: mosaic: .*probe/, `train ${model} --container probe --mosaic 0.5`],
    [2, /INPUT_INVALID: .*best.pt is a pickle file[\s\S]*safetensors/, `train ${model} --weights ./best.pt`],
    [3, "MODEL_UNKNOWN", "train horses"],
    [3, /DATASET_UNKNOWN: skipDataPrep/, "train cats --skip-data-prep"],
    [3, "TRAINING_UNKNOWN", "trainings show sluice-local-cats-1"],
    [3, "TRAINING_UNKNOWN", "trainings stop sluice-local-cats-1"],
    [2, /type: "nothing"/, "events --type nothing"],
    [2, /INPUT_INVALID: from/, "events --from yesterday"],
    [3, "TRACE_UNKNOWN", "trace nothing/of/this.jpg"],
    [3, "MODEL_UNKNOWN", "cost horses"],
    [2, /INPUT_INVALID: memory/, "cost cats --memory 7000"],
    [2, /No price is known for ml\.m9\.large/, "train cats --estimate --instance ml.m9.large"],
  ])("%i %s: %s", async (exit, word, line) => {
    const { code, stdout, stderr } = await run(line);
    expect({ code, stdout }).toEqual({ code: exit, stdout: "" });
    expect(stderr).toMatch(word);
  });

  test("a training without labels fails with its reason", async () => {
    const { code, stdout, stderr } = await run("train cats");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/TRAINING_FAILED: .*nothing is labeled/);
  }, 90_000);
});

describe("A training", () => {
  let first: string;
  let version: string;

  test("is started with --detach, and its log is followed to the end", async () => {
    first = (await train("--epochs 3 --detach --json")).json().name;
    const log = await run(`trainings logs ${first} -f`);
    expect(log.stdout.match(/epoch=\d+;/g)).toEqual(["epoch=1;", "epoch=2;", "epoch=3;"]);
    expect((await run(`trainings show ${first}`)).stdout).toMatch(/status +Completed[\s\S]*epochs=3/);
    const { points } = (await run(`trainings metrics ${first} --json`)).json();
    expect(points).toHaveLength(3);
    expect((await run(`trainings metrics ${first}`)).stdout).toMatch(/^epoch +train:loss/);
  }, 180_000);

  test("is followed to its version, its evaluation, and the next command", async () => {
    const { code, stdout, stderr } = await train("--epochs 2 --seed 7 --skip-data-prep");
    expect({ code, problem: /^[A-Z_]+:/m.exec(stderr)?.[0] }).toEqual({ code: 0, problem: undefined });
    expect(stderr).toMatch(/epoch 1\/2 .*accuracy/);
    expect(stdout).toMatch(/✓ sluice-local-compliance-\S+ completed: .*validation:accuracy/);
    expect(stdout).toMatch(/✓ version [0-9a-f]{12}: accuracy \d\.\d{4} on \d+ held-out items, accepted/);
    expect(stdout).toMatch(/npx sluice provision compliance\n$/);
  }, 180_000);

  test("shows the number of epochs that the trainer chooses", async () => {
    const { stderr } = await train("--patience 1 --seed 9 --skip-data-prep");
    expect(stderr).toMatch(/^ {2}epoch 1\/80 .*accuracy/m);
  }, 180_000);

  test("followed with --json prints one document with run, version and deployment", async () => {
    const { code, stdout } = await train("--epochs 2 --seed 8 --skip-data-prep --json");
    expect(code).toBe(0);
    const printed = JSON.parse(stdout);
    expect(printed).toMatchObject({
      run: { status: "Completed", hyperparameters: { epochs: "2", seed: "8" } },
      version: { status: "accepted", evaluation: "done", run: printed.run.name },
    });
    version = printed.version.version;
  }, 180_000);

  test("in progress rejects a second run, and is listed as stopped after a stop", async () => {
    const { name } = (await train("--epochs 10000 --patience 10000 --skip-data-prep --detach --json")).json();
    const second = await train("--epochs 3");
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(new RegExp(`TRAINING_BUSY: .*${name} is`));
    expect(second.stderr).toContain("--force");
    expect((await run(`trainings stop ${name}`)).code).toBe(0);
    await run(`trainings logs ${name} -f`);
    const stopped = (await run(`trainings list ${model} --status Stopped --json`)).json().items;
    expect(stopped).toMatchObject([{ name, status: "Stopped" }]);
    const again = await run(`trainings stop ${name}`);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining("TRAINING_ENDED") });
    const { stdout } = await run(`trainings list ${model}`);
    expect(stdout.split("\n").filter((line) => line.includes("Completed"))).toHaveLength(4);
  }, 120_000);

  test("has events by model, type and subject, and a trace from dataset to version", async () => {
    const accepted: EventRecord[] = (await run(`events --type version.accepted --json`)).json().items;
    expect(accepted.map((one) => one.subject)).toContain(version);
    const own: EventRecord[] = (await run(`events --subject ${first} --json`)).json().items;
    expect(own.every(({ type, model: of }) => type === "training.changed" && of === model)).toBe(true);
    expect((await run(`events --model drones`)).stdout).toBe("No events.\n");
    const { links } = (await run(`trace ${version} --json`)).json();
    expect(links.map(({ kind }: { kind: string }) => kind).join(" ")).toBe(
      "label label label import dataset run version",
    );
    expect((await run(`trace ${first}`)).stdout).toMatch(/^label[\s\S]*^import[\s\S]*^dataset[\s\S]*^run/m);
  });

  test("is estimated from the last completed run, and its cost is part of this month", async () => {
    const estimated = (await train("--estimate --instance ml.m5.large --no-spot --json")).json();
    expect(estimated.assumptions).toMatchObject({
      instance: "ml.m5.large",
      seconds: { source: "measured", run: expect.stringMatching(/^sluice-local-compliance-/) },
    });
    const { value } = estimated.assumptions.seconds;
    expect(estimated.items[0].formula).toBe(`1 x ${value} s / 3600 x $0.115`);
    expect((await run("train cats --estimate")).stdout).toContain("900 s (assumed)");
    expect((await run("trainings list cats --json")).json().items.length).toBeLessThanOrEqual(1);
    const { soFar } = (await run(`cost ${model} --json`)).json();
    expect(soFar).toMatchObject({ predictions: 0, trainings: 5 });
    expect(soFar.estimate.items.at(-1).what).toMatch(/^\d trainings$/);
    const { stdout } = await run("cost");
    expect(stdout).toMatch(/^compliance .*\n/m);
    expect(stdout).toMatch(/Total \$\d/);
    expect((await run("provision cats --estimate --target realtime")).stdout).toMatch(
      /One month of ml\.m5\.large {2}\$83\.95/,
    );
  });
});
