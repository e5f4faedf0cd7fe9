import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { ListTagsCommand } from "@aws-sdk/client-sagemaker";
import { expect, test } from "vitest";
import { channel, cloud, create, ends, lines, modelOf, trainingCloud } from "./testing.ts";

trainingCloud();

test("a job runs the image's program with its channels, and stores its model in S3", async () => {
  const name = await create({
    HyperParameters: { epochs: "2" },
    // A variable of the cloud cannot be replaced.
    Environment: { OWN: "set", SHARED: "job" },
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
    shared: "cloud",
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

test("every phase publishes an event in SageMaker's shape and casing", async () => {
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

test("the program's output is in its log stream, and its metrics are in CloudWatch", async () => {
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

test("a failed program leaves its message and exit code", async () => {
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

test("missing data, and paths outside the folder, fail the job by name", async () => {
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
  expect(await reason("s3://box/lists/out.manifest", "ManifestFile")).toMatch(/is outside its folder/);
  expect(await reason("s3://box/lists/broken.manifest", "ManifestFile")).toMatch(/manifest.*cannot be read/);
});

test("an image that the graph does not build fails the job", async () => {
  const name = await create({
    AlgorithmSpecification: { TrainingImage: "someone/else:1", TrainingInputMode: "File" },
  });
  expect(await ends(name)).toMatchObject({
    TrainingJobStatus: "Failed",
    FailureReason: expect.stringContaining("someone/else:1"),
  });
});

test("jobs above the limit wait, and all of them end", async () => {
  const all = await Promise.all(
    Array.from({ length: 12 }, () => create({ InputDataConfig: [channel("c", "s3://box/data")] })),
  );
  for (const name of all) expect((await ends(name)).TrainingJobStatus).toBe("Completed");
});
