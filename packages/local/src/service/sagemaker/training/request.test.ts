import { DeleteTrainingJobCommand, ListTrainingJobsCommand } from "@aws-sdk/client-sagemaker";
import { expect, test } from "vitest";
import { IMAGE } from "../job/testing.ts";
import { channel, cloud, create, describe, ends, trainingCloud } from "./testing.ts";

trainingCloud();

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

test("invalid requests are rejected as on AWS, and unsupported features are rejected by name", async () => {
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
  await ends(taken);
});

test("a VPC is checked and described", async () => {
  const VpcConfig = { Subnets: ["subnet-0a1b2c3d", "subnet-1"], SecurityGroupIds: ["sg-0a1b2c3d"] };
  const name = await create({ VpcConfig });
  expect((await describe(name)).VpcConfig).toEqual(VpcConfig);
  for (const [wrong, message] of [
    [{ Subnets: [] }, /vpcConfig\.subnets.*greater than or equal to 1/],
    [{ Subnets: undefined }, /vpcConfig\.subnets.*not be null/],
    [{ Subnets: Array.from({ length: 17 }, (_, at) => `subnet-${at}`) }, /less than or equal to 16/],
    [{ Subnets: ["subnet_1"] }, /'subnet_1' at 'vpcConfig\.subnets'.*regular expression/],
    [{ SecurityGroupIds: ["a", "b", "c", "d", "e", "f"] }, /securityGroupIds.*less than or equal to 5/],
  ] as const)
    await expect(create({ VpcConfig: { ...VpcConfig, ...wrong } as typeof VpcConfig })).rejects.toThrow(
      message,
    );
  await ends(name);
});

test("a job with one of AWS's images is accepted as on AWS, and fails at once with the reason", async () => {
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
  expect(FailureReason).toContain(`The resource graph does not build the image ${TrainingImage}`);
  expect(FailureReason).toContain("run this on AWS");
  expect(SecondaryStatusTransitions!.map(({ Status }) => Status)).not.toContain("Downloading");

  const unnamed = { ...piped, DataSource: { S3DataSource: { ...S3DataSource, AttributeNames: [] } } };
  await expect(create({ ...request, InputDataConfig: [unnamed] })).rejects.toThrow(/AttributeNames/);
  await expect(create({ ...request, InputDataConfig: [{ ...piped, InputMode: "File" }] })).rejects.toThrow(
    /Pipe/,
  );
});
