// The account's quotas: requests beyond them fail with AWS's error, and the others are not affected.
import { expect, test } from "vitest";
import { NEW_ACCOUNT } from "../../kernel/quotas.ts";
import { endpointTests } from "./endpoint/testing.ts";

const { request, createConfig, createEndpoint, changed } = endpointTests({ quotas: NEW_ACCOUNT });
const serverless = (MemorySizeInMB: number, MaxConcurrency: number) => ({
  ServerlessConfig: { MemorySizeInMB, MaxConcurrency },
});
const exceeded = (message: string) =>
  expect.objectContaining({ code: "ResourceLimitExceeded", message: expect.stringContaining(message) });

test("the memory of a serverless endpoint is limited at its creation, not at that of its config", async () => {
  await createConfig("large", serverless(4096, 5));
  await expect(request("CreateEndpoint", { EndpointName: "e", EndpointConfigName: "large" })).rejects.toEqual(
    exceeded(
      "The account-level service limit 'Memory size in MB per serverless endpoint' is 3072 MBs, with current " +
        "utilization of 0 MBs and a request delta of 4096 MBs. Please use AWS Service Quotas",
    ),
  );
});

test("all serverless endpoints share the concurrency, and an update counts only its increase", async () => {
  for (const [name, concurrency] of [
    ["seven", 7],
    ["four", 4],
    ["ten", 10],
    ["three", 3],
    ["eight", 8],
  ] as const)
    await createConfig(name, serverless(1024, concurrency));
  await createEndpoint("seven");
  const create = (EndpointConfigName: string) =>
    request("CreateEndpoint", { EndpointName: "other", EndpointConfigName });
  await expect(create("four")).rejects.toEqual(
    exceeded(
      "across all serverless endpoints' is 10, with current utilization of 7 and a request delta of 4.",
    ),
  );
  const update = (EndpointConfigName: string) =>
    request("UpdateEndpoint", { EndpointName: "e", EndpointConfigName });
  await update("ten");
  expect(await changed()).toMatchObject({ EndpointConfigName: "ten" });
  await expect(create("three")).rejects.toEqual(exceeded("utilization of 10"));
  await update("seven");
  await changed();
  await create("three");
  await expect(update("eight")).rejects.toEqual(exceeded("utilization of 10 and a request delta of 1."));
});

test("instances of endpoints and jobs have a quota for each type and use", async () => {
  await createConfig("on-instances");
  await expect(
    request("CreateEndpoint", { EndpointName: "e", EndpointConfigName: "on-instances" }),
  ).rejects.toEqual(exceeded("'ml.m5.large for endpoint usage' is 0 Instances"));
  const job = (spot: boolean) =>
    request("CreateTrainingJob", {
      TrainingJobName: "job",
      RoleArn: "arn:aws:iam::000000000000:role/training",
      AlgorithmSpecification: {
        TrainingImage: "000000000000.dkr.ecr.us-east-1.amazonaws.com/box:local",
        TrainingInputMode: "File",
      },
      OutputDataConfig: { S3OutputPath: "s3://artifacts/training/" },
      ResourceConfig: { InstanceType: "ml.m5.xlarge", InstanceCount: 1, VolumeSizeInGB: 1 },
      StoppingCondition: { MaxRuntimeInSeconds: 60, ...(spot && { MaxWaitTimeInSeconds: 60 }) },
      EnableManagedSpotTraining: spot,
    });
  await expect(job(true)).rejects.toEqual(
    exceeded("'ml.m5.xlarge for spot training job usage' is 0 Instances"),
  );
  await job(false);
});
