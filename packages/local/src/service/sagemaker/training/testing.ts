// A cloud with files to learn from, and training jobs on it, for the tests of a file.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateTrainingJobCommand,
  type CreateTrainingJobRequest,
  DescribeTrainingJobCommand,
  StopTrainingJobCommand,
} from "@aws-sdk/client-sagemaker";
import { extract } from "tar";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { IMAGE, type JobCloud, jobCloud, ROLE } from "../job/testing.ts";

export let cloud: JobCloud;
let names = 0;

export function trainingCloud() {
  beforeAll(async () => {
    cloud = await jobCloud();
    await cloud.put("data/cats/1.txt", "first");
    await cloud.put("data/cats/deep/2.txt", "second");
    await cloud.put("data/dogs/3.txt", "third");
    await cloud.put(
      "lists/two.manifest",
      JSON.stringify([{ prefix: "s3://box/data/" }, "cats/1.txt", "dogs/3.txt"]),
    );
  });
  beforeEach(() => void (cloud.events.length = 0));
  afterAll(() => cloud.dispose());
}

export const channel = (
  ChannelName: string,
  S3Uri: string,
  S3DataType: "S3Prefix" | "ManifestFile" = "S3Prefix",
) => ({
  ChannelName,
  DataSource: { S3DataSource: { S3DataType, S3Uri } },
});

const base = (): CreateTrainingJobRequest => ({
  TrainingJobName: `job-${++names}`,
  RoleArn: ROLE,
  AlgorithmSpecification: {
    TrainingImage: IMAGE,
    TrainingInputMode: "File",
    MetricDefinitions: [{ Name: "train:loss", Regex: "train:loss=([0-9.]+);" }],
  },
  OutputDataConfig: { S3OutputPath: "s3://box/out/" },
  ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 10 },
});

export async function create(request: Partial<CreateTrainingJobRequest> = {}): Promise<string> {
  const input = { ...base(), ...request };
  await cloud.sagemaker.send(new CreateTrainingJobCommand(input));
  return input.TrainingJobName!;
}
export const describe = (name: string) =>
  cloud.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
export const stop = (name: string) =>
  cloud.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: name }));

export async function reaches(name: string, ...statuses: string[]) {
  await expect
    .poll(async () => (await describe(name)).TrainingJobStatus, { timeout: 20_000, interval: 20 })
    .toSatisfy((status: string) => statuses.includes(status));
  return describe(name);
}
export const ends = (name: string) => reaches(name, "Completed", "Failed", "Stopped");

export async function lines(name: string): Promise<string[]> {
  const { events = [] } = await new CloudWatchLogsClient(cloud.cloud.client)
    .send(
      new FilterLogEventsCommand({
        logGroupName: "/aws/sagemaker/TrainingJobs",
        logStreamNamePrefix: `${name}/algo-1-`,
      }),
    )
    .catch(() => ({ events: [] }));
  return events.map(({ message }) => message!);
}
/** Resolves when the program can be stopped. */
export async function works(name: string) {
  await expect.poll(() => lines(name), { timeout: 20_000 }).toContain("working=1");
}

export async function modelOf(name: string) {
  const folder = mkdtempSync(path.join(tmpdir(), "model-"));
  try {
    writeFileSync(path.join(folder, "m.tar.gz"), await cloud.get(`out/${name}/output/model.tar.gz`));
    await extract({ file: path.join(folder, "m.tar.gz"), cwd: folder });
    return JSON.parse(readFileSync(path.join(folder, "model.json"), "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
