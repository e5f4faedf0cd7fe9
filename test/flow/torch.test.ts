// The job of the container torch: image, hyperparameters and channels, against a SageMaker that the test replaces.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { CreateTrainingJobCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { db } from "@sluice/core/db.ts";
import { advanceRun } from "@sluice/core/training/advance.ts";
import { getRun } from "@sluice/core/training/read.ts";
import { startTraining } from "@sluice/core/training/start.ts";
import { stampFile } from "@sluice/core/training/torch/environment.ts";
import { createWeightsForm } from "@sluice/core/training/torch/weights-form.ts";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { edges } from "./edges.ts";
import { stage } from "./stage.ts";

const model = "drones";
const dataset = "ds_1";
const now = Date.parse("2026-11-28T08:00:00Z");
const environment = mkdtempSync(path.join(tmpdir(), "sluice-torch-environment-"));

let cloud: Awaited<ReturnType<typeof stage>>;
const { works } = edges();
const sagemaker = mockClient(SageMakerClient);
let runs = 0;

beforeAll(async () => {
  cloud = await stage();
  process.env.SST_RESOURCE_Training = JSON.stringify({ roleArn: "arn:training", torchImage: "torch:1" });
  process.env.SLUICE_TORCH = environment;
  writeFileSync(stampFile(environment), "{}");
  const split = { train: 2, validation: 1, test: 1 };
  const at = new Date(now).toISOString();
  await db()
    .entities.dataset.put({
      id: dataset,
      model,
      status: "ready",
      round: 1,
      options: { seed: 1, split: { train: 0.5, validation: 0.25, test: 0.25 }, caps: {}, weights: "none" },
      digest: "none",
      folder: `datasets/${model}/${dataset}/`,
      items: split,
      objects: split,
      createdAt: at,
      changedAt: at,
    })
    .go();
  for (const [version, run] of [
    ["0a1b2c3d4e5f", "by-torch"],
    ["bbbbbbbbbbbb", "by-probe"],
    ["cccccccccccc", undefined],
    ["eeeeeeeeeeee", "by-torch-alone"],
  ] as const)
    await putVersion(version, run);
  for (const [name, container, keepWeights] of [
    ["by-torch", "torch", "true"],
    ["by-torch-alone", "torch", "false"],
    ["by-probe", "probe", "false"],
  ] as const)
    await db()
      .entities.trainingRun.put({
        name,
        model,
        container,
        hyperparameters: { keepWeights },
        status: "Completed",
        rank: 3,
        sourceModifiedAt: 0,
        createdAt: at,
        changedAt: at,
        active: "no",
      })
      .go();
});
afterAll(async () => {
  await cloud.dispose();
  rmSync(environment, { recursive: true });
});

beforeEach(() => {
  works();
  sagemaker.reset();
  sagemaker.onAnyCommand().resolves({});
});

const putVersion = (version: string, run: string | undefined) =>
  db()
    .entities.modelVersion.put({
      model,
      version,
      digest: version,
      packageUri: `s3://artifacts/packages/${model}/${version}/model.tar.gz`,
      bytes: 1,
      manifest: { task: "object-detection", classes: ["drone"], head: "yolov8" },
      source: run ? "training" : "uploaded",
      run,
      evaluation: "none",
      status: "accepted",
      createdAt: new Date(now).toISOString(),
      changedAt: new Date(now).toISOString(),
    })
    .go();

/** The run's record, and the job that was created for it. */
async function submit(request: object) {
  const nonce = String((runs += 1)).padStart(4, "0");
  const context = { requestedBy: "test", now, nonce };
  const { name } = await startTraining(model, { dataset, force: true, ...request }, context);
  await advanceRun(name, now);
  const [call] = sagemaker.commandCalls(CreateTrainingJobCommand);
  return { run: await getRun(name), job: call!.args[0].input };
}

describe("a job of the container torch", () => {
  test("has its image, its options and the profile that the record states", async () => {
    const { run, job } = await submit({ weights: "yolo11s", mosaic: 0 });
    expect(job.AlgorithmSpecification).toMatchObject({ TrainingImage: "torch:1", TrainingInputMode: "File" });
    expect(job.HyperParameters).toMatchObject({
      task: "object-detection",
      profile: "cpu",
      detector: "anchor-free",
      size: "s",
      mosaic: "0",
    });
    expect(run).toMatchObject({ container: "torch", profile: "cpu", hyperparameters: job.HyperParameters });
    expect(run.notes).toEqual([
      expect.stringMatching(/^Profile cpu/),
      expect.stringMatching(/`yolo11s` selects/),
    ]);
    expect(job.InputDataConfig!.map(({ ChannelName }) => ChannelName)).toEqual([
      "dataset",
      "train",
      "validation",
    ]);
  });

  test.each([
    ["0a1b", { uri: `s3://artifacts/packages/${model}/0a1b2c3d4e5f/model.tar.gz`, version: "0a1b2c3d4e5f" }],
    [
      "cccccccccccc",
      { uri: `s3://artifacts/packages/${model}/cccccccccccc/model.tar.gz`, version: "cccccccccccc" },
    ],
    ["s3://box/mine.safetensors", { uri: "s3://box/mine.safetensors" }],
  ])("gets the files of %s as its channel `weights`", async (weights, startPoint) => {
    const { run, job } = await submit({ weights });
    expect(run.startPoint).toEqual(startPoint);
    expect(job.InputDataConfig).toContainEqual({
      ChannelName: "weights",
      DataSource: {
        S3DataSource: {
          S3DataType: "S3Prefix",
          S3Uri: startPoint.uri,
          S3DataDistributionType: "FullyReplicated",
        },
      },
      InputMode: "File",
    });
  });

  test.each([
    ["bbbb", /bbbbbbbbbbbb was trained by probe; the container torch cannot continue/],
    ["dddd", /has no version dddd/],
    ["eeee", /eeeeeeeeeeee was trained without --keep-weights/],
  ])("is refused with the weights %s", async (weights, problem) => {
    await expect(submit({ weights })).rejects.toThrow(problem);
    expect(sagemaker.commandCalls(CreateTrainingJobCommand)).toEqual([]);
  });
});

test("files to start from are uploaded into a folder of their own", async () => {
  const { uri, fields, expiresAt } = await createWeightsForm(model, now);
  expect(uri).toMatch(/^s3:\/\/artifacts\/incoming\/drones\/[0-9a-f-]{36}\/$/);
  expect(`s3://artifacts/${fields["key"]}`).toBe(`${uri}\${filename}`);
  expect(expiresAt).toBe("2026-11-28T09:00:00.000Z");
  await expect(createWeightsForm("dogs", now)).rejects.toThrow(/There is no model "dogs"/);
});
