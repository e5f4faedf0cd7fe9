import {
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  type SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { IMAGE, type JobCloud, jobCloud, ROLE } from "./testing.ts";

/** Time to start a program on a busy machine. */
const PATIENCE_MS = 60_000;
vi.setConfig({ testTimeout: 3 * PATIENCE_MS });

let cloud: JobCloud;
beforeAll(async () => {
  cloud = await jobCloud();
});
afterAll(() => cloud.dispose());

const create = (sagemaker: SageMakerClient, TrainingJobName: string, more: object = {}) =>
  sagemaker.send(
    new CreateTrainingJobCommand({
      TrainingJobName,
      RoleArn: ROLE,
      HyperParameters: { do: "work" },
      AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: "File" },
      OutputDataConfig: { S3OutputPath: "s3://box/out" },
      ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 10 },
      ...more,
    }),
  );
const describe = (sagemaker: SageMakerClient, TrainingJobName: string) =>
  sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName }));

/** The program writes its checkpoint before it logs that it is working. */
async function works(sagemaker: SageMakerClient, name: string) {
  await expect
    .poll(async () => (await describe(sagemaker, name)).FinalMetricDataList?.[0]?.Value, {
      timeout: PATIENCE_MS,
    })
    .toBe(1);
}
const ready = {
  AlgorithmSpecification: {
    TrainingImage: IMAGE,
    TrainingInputMode: "File",
    MetricDefinitions: [{ Name: "ready", Regex: "working=(1)" }],
  },
};
async function ends(name: string) {
  await expect
    .poll(async () => (await describe(cloud.sagemaker, name)).TrainingJobStatus, { timeout: PATIENCE_MS })
    .toMatch(/Completed|Failed|Stopped/);
  return describe(cloud.sagemaker, name);
}

test("a job whose cloud is killed restarts from its checkpoints", async () => {
  await cloud.killedDuring(async (sagemaker) => {
    await create(sagemaker, "kept", { ...ready, CheckpointConfig: { S3Uri: "s3://box/checkpoints" } });
    await works(sagemaker, "kept");
  });
  const job = await ends("kept");
  expect(job).toMatchObject({ TrainingJobStatus: "Completed" });
  expect(job.SecondaryStatusTransitions!.map(({ Status }) => Status)).toEqual([
    "Starting",
    "Downloading",
    "Training",
    "Restarting",
    "Downloading",
    "Training",
    "Uploading",
    "Completed",
  ]);
  expect(String(await cloud.get("checkpoints/step"))).toBe("7");
});

test("a job that is killed repeatedly fails with InternalServerError", async () => {
  await cloud.killedDuring(async (sagemaker) => {
    await create(sagemaker, "doomed", ready);
    await works(sagemaker, "doomed");
  });
  await cloud.killedDuring((sagemaker) => works(sagemaker, "doomed"));
  expect(await ends("doomed")).toMatchObject({
    TrainingJobStatus: "Failed",
    FailureReason: expect.stringContaining("InternalServerError"),
  });
});

test("jobs continue after a stop of the cloud, which does not count as a crash", async () => {
  await create(cloud.sagemaker, "patient", { ...ready, CheckpointConfig: { S3Uri: "s3://box/patient" } });
  await works(cloud.sagemaker, "patient");
  await cloud.restart();
  const job = await ends("patient");
  expect(job).toMatchObject({ TrainingJobStatus: "Completed" });
  expect(job.SecondaryStatusTransitions!.map(({ Status }) => Status)).toContain("Interrupted");
});
