import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateProcessingJobCommand,
  type CreateProcessingJobRequest,
  DeleteProcessingJobCommand,
  DescribeProcessingJobCommand,
  ListProcessingJobsCommand,
  StopProcessingJobCommand,
} from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { IMAGE, type JobCloud, jobCloud, ROLE } from "../job/testing.ts";

let cloud: JobCloud;
let names = 0;

beforeAll(async () => {
  cloud = await jobCloud();
  await cloud.put("in/text.txt", "hello");
  await cloud.put("lists/one.manifest", JSON.stringify([{ prefix: "s3://box/" }, "in/text.txt"]));
});
beforeEach(() => void (cloud.events.length = 0));
afterAll(() => cloud.dispose());

const source = (S3Uri: string, S3DataType: "S3Prefix" | "ManifestFile" = "S3Prefix") => ({
  InputName: "data",
  S3Input: { S3Uri, LocalPath: "/opt/ml/processing/input/data", S3DataType, S3InputMode: "File" as const },
});
const sink = (S3UploadMode: "EndOfJob" | "Continuous" = "EndOfJob") => ({
  Outputs: [
    {
      OutputName: "answer",
      S3Output: { S3Uri: "s3://box/answers/", LocalPath: "/opt/ml/processing/output", S3UploadMode },
    },
  ],
});

async function create(words: string[], request: Partial<CreateProcessingJobRequest> = {}): Promise<string> {
  const ProcessingJobName = `process-${++names}`;
  await cloud.sagemaker.send(
    new CreateProcessingJobCommand({
      ProcessingJobName,
      RoleArn: ROLE,
      AppSpecification: { ImageUri: IMAGE, ContainerEntrypoint: ["evaluate", ...words] },
      ProcessingInputs: [source("s3://box/in/")],
      ProcessingOutputConfig: sink(),
      ProcessingResources: {
        ClusterConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 10 },
      },
      Environment: { OWN: "!" },
      ...request,
    }),
  );
  return ProcessingJobName;
}
const describe = (ProcessingJobName: string) =>
  cloud.sagemaker.send(new DescribeProcessingJobCommand({ ProcessingJobName }));
async function ends(name: string) {
  await expect
    .poll(async () => (await describe(name)).ProcessingJobStatus, { timeout: 20_000, interval: 20 })
    .toMatch(/Completed|Failed|Stopped/);
  return describe(name);
}
const log = async () => {
  const { events = [] } = await new CloudWatchLogsClient(cloud.cloud.client)
    .send(new FilterLogEventsCommand({ logGroupName: "/aws/sagemaker/ProcessingJobs" }))
    .catch(() => ({ events: [] }));
  return events.map(({ message }) => message!);
};

test("a job runs the image's program, and its output and message are stored", async () => {
  const name = await create(["read", "data/text.txt"], { Tags: [{ Key: "app", Value: "x" }] });
  expect(await ends(name)).toMatchObject({
    ProcessingJobStatus: "Completed",
    ExitMessage: "one file read",
    ProcessingStartTime: expect.any(Date),
    ProcessingEndTime: expect.any(Date),
  });
  expect(String(await cloud.get("answers/deep/answer.txt"))).toBe("HELLO!");
  expect(await log()).toContain("read hello");

  const told = cloud.events.filter(
    ({ detailType }) => detailType === "SageMaker Processing Job State Change",
  );
  expect(told.map(({ detail }) => detail["ProcessingJobStatus"])).toEqual(["InProgress", "Completed"]);
  expect(told.at(-1)).toMatchObject({
    resources: [`arn:aws:sagemaker:us-east-1:000000000000:processing-job/${name}`],
    detail: {
      ProcessingJobName: name,
      ExitMessage: "one file read",
      ProcessingInputs: [{ S3Input: { S3DataType: "S3_PREFIX", S3InputMode: "FILE" } }],
      ProcessingEndTime: expect.any(Number),
      Tags: { app: "x" },
    },
  });
});

test("a manifest downloads exactly its objects, under their own paths", async () => {
  const name = await create(["read", "data/in/text.txt"], {
    ProcessingInputs: [source("s3://box/lists/one.manifest", "ManifestFile")],
  });
  expect(await ends(name)).toMatchObject({ ProcessingJobStatus: "Completed" });
});

test("a program that fails leaves its message as the reason", async () => {
  const name = await create(["fail"]);
  expect(await ends(name)).toMatchObject({
    ProcessingJobStatus: "Failed",
    ExitMessage: "the package is broken",
    FailureReason: "AlgorithmError: the package is broken, exit code: 2",
  });
});

test("a job can be stopped, listed and deleted", async () => {
  const name = await create(["wait"]);
  await expect.poll(log, { timeout: 20_000 }).toContain("working");
  await cloud.sagemaker.send(new StopProcessingJobCommand({ ProcessingJobName: name }));
  expect(await ends(name)).toMatchObject({ ProcessingJobStatus: "Stopped" });
  const { ProcessingJobSummaries } = await cloud.sagemaker.send(
    new ListProcessingJobsCommand({ StatusEquals: "Stopped" }),
  );
  expect(ProcessingJobSummaries).toMatchObject([{ ProcessingJobName: name }]);
  await cloud.sagemaker.send(new DeleteProcessingJobCommand({ ProcessingJobName: name }));
  await expect(describe(name)).rejects.toThrow(`Could not find requested job with name: ${name}`);
});

test("unsupported features are rejected by name, and paths outside the job's folder are rejected", async () => {
  await expect(create(["read"], { ProcessingOutputConfig: sink("Continuous") })).rejects.toThrow(
    /S3UploadMode Continuous/,
  );
  await expect(create(["read"], { ExperimentConfig: {} })).rejects.toThrow(/ExperimentConfig/);
  const escaping = source("s3://box/in/");
  escaping.S3Input.LocalPath = "/opt/ml/processing/../../x";
  await expect(create(["read"], { ProcessingInputs: [escaping] })).rejects.toThrow(/localPath/);
});

test("a VPC is checked and described", async () => {
  const VpcConfig = { Subnets: ["subnet-1"], SecurityGroupIds: ["sg-1"] };
  const name = await create(["read", "data/text.txt"], { NetworkConfig: { VpcConfig } });
  expect((await describe(name)).NetworkConfig).toEqual({ VpcConfig });
  await expect(
    create(["read"], { NetworkConfig: { VpcConfig: { ...VpcConfig, SecurityGroupIds: ["sg 1"] } } }),
  ).rejects.toThrow(/'sg 1' at 'networkConfig\.vpcConfig\.securityGroupIds'/);
  await expect(create(["read"], { NetworkConfig: { EnableNetworkIsolation: true } })).rejects.toThrow(
    /NetworkConfig with EnableNetworkIsolation/,
  );
  await ends(name);
});

test.each([
  ["an option of the interpreter", ["--eval=process.exit()"]],
  ["a file of the job", ["/tmp/hostile.mjs"]],
  ["a path to a program", ["../box/evaluate.mjs"]],
  ["a property name of every object", ["constructor"]],
])("a job that names %s as its program fails and runs nothing", async (_, ContainerEntrypoint) => {
  const name = await create([], { AppSpecification: { ImageUri: IMAGE, ContainerEntrypoint } });
  expect(await ends(name)).toMatchObject({
    ProcessingJobStatus: "Failed",
    FailureReason: expect.stringContaining(`has no program 'bin.${ContainerEntrypoint[0]}'`),
  });
});

test("a program that is added to the image's folder after the start is not run", async () => {
  const manifest = path.join(cloud.root, "box/package.json");
  const before = readFileSync(manifest, "utf8");
  writeFileSync(manifest, JSON.stringify({ bin: { later: "evaluate.mjs" } }));
  const name = await create([], { AppSpecification: { ImageUri: IMAGE, ContainerEntrypoint: ["later"] } });
  writeFileSync(manifest, before);
  expect(await ends(name)).toMatchObject({ FailureReason: expect.stringContaining("bin.later") });
});

test.each([
  "NODE_OPTIONS",
  "NODE_PATH",
  "LD_PRELOAD",
  "DYLD_INSERT_LIBRARIES",
  "PYTHONSTARTUP",
  "PATH",
  "Path",
])("a job whose environment sets %s is rejected", async (name) => {
  await expect(create(["read"], { Environment: { [name]: "x" } })).rejects.toMatchObject({
    name: "ValidationException",
    message: expect.stringContaining(`environment variable ${name} cannot be set`),
  });
});

test("a role without s3:GetObject fails the job with the action and the resource", async () => {
  const poor = await jobCloud({ actions: ["s3:ListBucket", "logs:*"] });
  try {
    await poor.put("in/text.txt", "hello");
    await poor.sagemaker.send(
      new CreateProcessingJobCommand({
        ProcessingJobName: "poor",
        RoleArn: ROLE,
        AppSpecification: { ImageUri: IMAGE, ContainerEntrypoint: ["evaluate"] },
        ProcessingInputs: [source("s3://box/in/")],
        ProcessingResources: {
          ClusterConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 10 },
        },
      }),
    );
    const find = () => poor.sagemaker.send(new DescribeProcessingJobCommand({ ProcessingJobName: "poor" }));
    await expect.poll(async () => (await find()).ProcessingJobStatus).toBe("Failed");
    expect((await find()).FailureReason).toMatch(
      /not authorized to perform: s3:GetObject on resource: arn:aws:s3:::box\/in\/text\.txt/,
    );
  } finally {
    await poor.dispose();
  }
});
