import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateTrainingJobCommand,
  type CreateTrainingJobRequest,
  DeleteTrainingJobCommand,
  DescribeTrainingJobCommand,
  ListTagsCommand,
  ListTrainingJobsCommand,
  StopTrainingJobCommand,
} from "@aws-sdk/client-sagemaker";
import { extract } from "tar";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { IMAGE, type JobCloud, jobCloud, ROLE } from "../job/testing.ts";

let cloud: JobCloud;
let names = 0;

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

const channel = (
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

async function create(request: Partial<CreateTrainingJobRequest> = {}): Promise<string> {
  const input = { ...base(), ...request };
  await cloud.sagemaker.send(new CreateTrainingJobCommand(input));
  return input.TrainingJobName!;
}
const describe = (name: string) =>
  cloud.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
const stop = (name: string) => cloud.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: name }));

async function reaches(name: string, ...statuses: string[]) {
  await expect
    .poll(async () => (await describe(name)).TrainingJobStatus, { timeout: 20_000, interval: 20 })
    .toSatisfy((status: string) => statuses.includes(status));
  return describe(name);
}
const ends = (name: string) => reaches(name, "Completed", "Failed", "Stopped");

async function lines(name: string): Promise<string[]> {
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
/** The program says so once it can be stopped. */
async function works(name: string) {
  await expect.poll(() => lines(name), { timeout: 20_000 }).toContain("working=1");
}

async function modelOf(name: string) {
  const folder = mkdtempSync(path.join(tmpdir(), "model-"));
  try {
    writeFileSync(path.join(folder, "m.tar.gz"), await cloud.get(`out/${name}/output/model.tar.gz`));
    await extract({ file: path.join(folder, "m.tar.gz"), cwd: folder });
    return JSON.parse(readFileSync(path.join(folder, "model.json"), "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("a job runs the image's own program on its channels, and its model lies in S3", async () => {
  const name = await create({
    HyperParameters: { epochs: "2" },
    Environment: { OWN: "set" },
    InputDataConfig: [
      channel("all", "s3://box/data/"),
      channel("partly", "s3://box/data/ca"),
      channel("listed", "s3://box/lists/two.manifest", "ManifestFile"),
    ],
    Tags: [{ Key: "app", Value: "x" }],
  });
  const job = await ends(name);
  expect(job).toMatchObject({
    TrainingJobStatus: "Completed",
    SecondaryStatus: "Completed",
    ModelArtifacts: { S3ModelArtifacts: `s3://box/out/${name}/output/model.tar.gz` },
    FinalMetricDataList: [{ MetricName: "train:loss", Value: 0.5 }],
    BillableTimeInSeconds: expect.any(Number),
    HyperParameters: { epochs: "2" },
  });
  expect(job.SecondaryStatusTransitions!.map(({ Status }) => Status)).toEqual([
    "Starting",
    "Downloading",
    "Training",
    "Uploading",
    "Completed",
  ]);
  expect(await modelOf(name)).toMatchObject({
    job: name,
    own: "set",
    parameters: { epochs: "2" },
    data: {
      "all/cats/1.txt": "first",
      "all/cats/deep/2.txt": "second",
      "all/dogs/3.txt": "third",
      "partly/cats/1.txt": "first",
      "listed/cats/1.txt": "first",
      "listed/dogs/3.txt": "third",
    },
  });
  expect((await cloud.get(`out/${name}/output/output.tar.gz`)).length).toBeGreaterThan(0);
  const tags = await cloud.sagemaker.send(new ListTagsCommand({ ResourceArn: job.TrainingJobArn }));
  expect(tags.Tags).toEqual([{ Key: "app", Value: "x" }]);
});

test("every step is told in an event of SageMaker's shape and casing", async () => {
  const name = await create({ Tags: [{ Key: "app", Value: "x" }], HyperParameters: { epochs: "1" } });
  await ends(name);
  const told = cloud.events.filter(({ detailType }) => detailType === "SageMaker Training Job State Change");
  expect(told.map(({ detail }) => detail["SecondaryStatus"])).toEqual([
    "Starting",
    "Downloading",
    "Training",
    "Uploading",
    "Completed",
  ]);
  expect(told.at(-1)).toMatchObject({
    source: "aws.sagemaker",
    resources: [`arn:aws:sagemaker:us-east-1:000000000000:training-job/${name}`],
    detail: {
      TrainingJobName: name,
      TrainingJobStatus: "Completed",
      HyperParameters: { epochs: "1" },
      CreationTime: expect.any(Number),
      TrainingEndTime: expect.any(Number),
      Tags: { app: "x" },
    },
  });
  const times = told.map(({ detail }) => detail["LastModifiedTime"] as number);
  expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
});

test("what the program prints is in its log stream, and its metrics are in CloudWatch", async () => {
  const name = await create();
  await ends(name);
  expect(await lines(name)).toEqual(
    expect.arrayContaining(["from step 0", "epoch=1; train:loss=1;", "done"]),
  );
  const now = cloud.clock.now();
  const { Datapoints } = await new CloudWatchClient(cloud.cloud.client).send(
    new GetMetricStatisticsCommand({
      Namespace: "/aws/sagemaker/TrainingJobs",
      MetricName: "train:loss",
      Dimensions: [{ Name: "TrainingJobName", Value: name }],
      StartTime: new Date(now - 600_000),
      EndTime: new Date(now + 600_000),
      Period: 3600,
      Statistics: ["Minimum", "Maximum"],
    }),
  );
  expect(Datapoints).toMatchObject([{ Minimum: 0.5, Maximum: 1 }]);
});

test("a program that fails or dies leaves its own words and its exit code", async () => {
  const [failed, died] = await Promise.all([
    create({ HyperParameters: { do: "fail" } }),
    create({ HyperParameters: { do: "crash" } }),
  ]);
  expect(await ends(failed)).toMatchObject({
    TrainingJobStatus: "Failed",
    FailureReason: "AlgorithmError: no images to learn from, exit code: 3",
  });
  expect(await ends(died)).toMatchObject({ FailureReason: "AlgorithmError: , exit code: 137" });
});

test("data that is not there, or leads elsewhere, fails the job and names it", async () => {
  await cloud.put("lists/gone.manifest", JSON.stringify([{ prefix: "s3://box/data/" }, "cats/none.txt"]));
  await cloud.put(
    "lists/out.manifest",
    JSON.stringify([{ prefix: "s3://box/data/cats/deep/" }, "../../../x"]),
  );
  await cloud.put("lists/broken.manifest", "{");
  const reason = async (uri: string, type: "S3Prefix" | "ManifestFile") => {
    const name = await create({ InputDataConfig: [channel("c", uri, type)] });
    return (await ends(name)).FailureReason;
  };
  expect(await reason("s3://box/nothing/", "S3Prefix")).toMatch(
    /No S3 objects found under S3 URL "s3:\/\/box\/nothing\/"/,
  );
  expect(await reason("s3://box/lists/gone.manifest", "ManifestFile")).toMatch(
    /does not exist.*data\/cats\/none\.txt/,
  );
  expect(await reason("s3://box/lists/out.manifest", "ManifestFile")).toMatch(/leads outside its folder/);
  expect(await reason("s3://box/lists/broken.manifest", "ManifestFile")).toMatch(/manifest.*cannot be read/);
});

test("an image that nothing here builds fails the job as a pull would", async () => {
  const name = await create({
    AlgorithmSpecification: { TrainingImage: "someone/else:1", TrainingInputMode: "File" },
  });
  expect(await ends(name)).toMatchObject({
    TrainingJobStatus: "Failed",
    FailureReason: expect.stringContaining("someone/else:1"),
  });
});

test("a stopped job gets SIGTERM, keeps its model, and ends as Stopped", async () => {
  const name = await create({ HyperParameters: { do: "work" } });
  await works(name);
  await stop(name);
  expect(await ends(name)).toMatchObject({ TrainingJobStatus: "Stopped", SecondaryStatus: "Stopped" });
  expect(await modelOf(name)).toMatchObject({ job: name });
  await expect(stop(name)).rejects.toThrow(/Stopped/);
});

test("a job that outlives its time is stopped, and killed when it will not go", async () => {
  const name = await create({
    HyperParameters: { do: "stubborn" },
    StoppingCondition: { MaxRuntimeInSeconds: 60 },
  });
  await works(name);
  cloud.clock.shift(61_000);
  expect(await reaches(name, "Stopping")).toMatchObject({ SecondaryStatus: "Stopping" });
  cloud.clock.shift(120_000);
  expect(await ends(name)).toMatchObject({
    TrainingJobStatus: "Stopped",
    SecondaryStatus: "MaxRuntimeExceeded",
  });
});

test("a spot job that is interrupted starts again from its checkpoints", async () => {
  cloud.cloud.faults.set([{ point: "sagemaker:interrupt", kind: "delay", ms: 3_600_000, times: 1 }]);
  const name = await create({
    HyperParameters: { do: "work" },
    EnableManagedSpotTraining: true,
    StoppingCondition: { MaxRuntimeInSeconds: 36_000, MaxWaitTimeInSeconds: 72_000 },
    CheckpointConfig: { S3Uri: "s3://box/checkpoints/spot" },
  });
  await works(name);
  cloud.clock.shift(3_600_000);
  const job = await ends(name);
  expect(job).toMatchObject({ TrainingJobStatus: "Completed" });
  expect(job.SecondaryStatusTransitions!.map(({ Status }) => Status)).toEqual(
    expect.arrayContaining(["Interrupted", "Restarting"]),
  );
  expect(await modelOf(name)).toMatchObject({ step: 7 });
  cloud.cloud.faults.set([]);
});

test("more jobs than places wait their turn and all end", async () => {
  const all = await Promise.all(
    Array.from({ length: 12 }, () => create({ InputDataConfig: [channel("c", "s3://box/data")] })),
  );
  for (const name of all) expect((await ends(name)).TrainingJobStatus).toBe("Completed");
});

test("jobs are listed by name and status, in pages, and a finished one can be deleted", async () => {
  const [first] = await Promise.all([
    create({ TrainingJobName: "page-1" }),
    create({ TrainingJobName: "page-2" }),
  ]);
  const failed = await create({ TrainingJobName: "page-3", HyperParameters: { do: "fail" } });
  for (const name of [first, "page-2", failed]) await ends(name);
  const list = (more: object) =>
    cloud.sagemaker.send(new ListTrainingJobsCommand({ NameContains: "page-", SortBy: "Name", ...more }));
  const page = await list({ SortOrder: "Ascending", MaxResults: 2 });
  expect(page.TrainingJobSummaries!.map(({ TrainingJobName }) => TrainingJobName)).toEqual([
    "page-1",
    "page-2",
  ]);
  expect((await list({ StatusEquals: "Failed" })).TrainingJobSummaries).toHaveLength(1);
  expect(
    (await list({ SortOrder: "Ascending", NextToken: page.NextToken })).TrainingJobSummaries,
  ).toHaveLength(1);
  await cloud.sagemaker.send(new DeleteTrainingJobCommand({ TrainingJobName: failed }));
  await expect(describe(failed)).rejects.toThrow("Requested resource not found.");
});

test("what AWS would refuse is refused, and what is not carried out is refused by name", async () => {
  await expect(describe("nobody")).rejects.toMatchObject({ name: "ValidationException" });
  const taken = await create();
  await expect(create({ TrainingJobName: taken })).rejects.toMatchObject({ name: "ResourceInUse" });
  await expect(create({ TrainingJobName: "bad_name" })).rejects.toThrow(/regular expression/);
  await expect(create({ HyperParameters: { a: "x".repeat(2501) } })).rejects.toThrow(/2500/);
  await expect(
    create({ InputDataConfig: [channel("a", "s3://box/x"), channel("a", "s3://box/y")] }),
  ).rejects.toThrow(/Duplicate channel name "a"/);
  await expect(create({ InputDataConfig: [channel("a", "/local")] })).rejects.toThrow(/s3Uri/);
  await expect(
    create({
      EnableManagedSpotTraining: true,
      StoppingCondition: { MaxRuntimeInSeconds: 100, MaxWaitTimeInSeconds: 50 },
    }),
  ).rejects.toThrow(/MaxWaitTimeInSeconds/);
  await expect(
    create({
      AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: "Pipe" },
      InputDataConfig: [channel("a", "s3://box/data")],
    }),
  ).rejects.toThrow(/Pipe mode/);
  await expect(
    create({ ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 2, VolumeSizeInGB: 1 } }),
  ).rejects.toThrow(/InstanceCount above 1/);
  await expect(create({ VpcConfig: { Subnets: ["s"], SecurityGroupIds: ["g"] } })).rejects.toThrow(
    /VpcConfig/,
  );
  await ends(taken);
});

test("a job of an image of AWS's own is taken as AWS takes it, and fails at once with the reason", async () => {
  const TrainingImage = "811284229777.dkr.ecr.us-east-1.amazonaws.com/image-classification:1";
  const S3DataSource = {
    S3DataType: "AugmentedManifestFile" as const,
    S3Uri: "s3://box/lists/none.manifest",
    AttributeNames: ["source-ref", "class"],
  };
  const piped = {
    ChannelName: "train",
    DataSource: { S3DataSource },
    ContentType: "application/x-recordio",
    RecordWrapperType: "RecordIO" as const,
    InputMode: "Pipe" as const,
  };
  const request = {
    AlgorithmSpecification: { TrainingImage, TrainingInputMode: "Pipe" as const },
    InputDataConfig: [piped],
  };
  const { FailureReason, SecondaryStatusTransitions } = await ends(await create(request));
  expect(FailureReason).toContain(`The image ${TrainingImage} is not one the resource graph builds`);
  expect(FailureReason).toContain("run this on AWS");
  expect(SecondaryStatusTransitions!.map(({ Status }) => Status)).not.toContain("Downloading");

  const unnamed = { ...piped, DataSource: { S3DataSource: { ...S3DataSource, AttributeNames: [] } } };
  await expect(create({ ...request, InputDataConfig: [unnamed] })).rejects.toThrow(/AttributeNames/);
  await expect(create({ ...request, InputDataConfig: [{ ...piped, InputMode: "File" }] })).rejects.toThrow(
    /Pipe/,
  );
});
