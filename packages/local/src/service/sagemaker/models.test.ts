// Models and endpoint configs: validation, names and lists.
import { expect, test } from "vitest";
import { endpointTests } from "./endpoint/testing.ts";

const { request, createConfig, invoke } = endpointTests();

test("a model whose environment could load code is refused", async () => {
  const model = (Environment: Record<string, string>) =>
    request("CreateModel", {
      ModelName: "m",
      ExecutionRoleArn: "arn:aws:iam::000000000000:role/hosting",
      PrimaryContainer: { Image: "000000000000.dkr.ecr.us-east-1.amazonaws.com/box:local", Environment },
    });
  await expect(model({ NODE_OPTIONS: "--import=data:," })).rejects.toThrow(/NODE_OPTIONS cannot be set/);
  await model({ OWN: "fine" });
});

test("a model in a VPC is described with it, and has no serverless endpoint", async () => {
  const VpcConfig = { Subnets: ["subnet-1"], SecurityGroupIds: ["sg-1"] };
  const model = {
    ModelName: "m",
    ExecutionRoleArn: "arn:aws:iam::000000000000:role/hosting",
    PrimaryContainer: { Image: "000000000000.dkr.ecr.us-east-1.amazonaws.com/box:local" },
  };
  await expect(
    request("CreateModel", { ...model, VpcConfig: { ...VpcConfig, Subnets: ["subnet/1"] } }),
  ).rejects.toThrow(/'subnet\/1' at 'vpcConfig\.subnets'/);
  await request("CreateModel", { ...model, VpcConfig });
  expect(await request("DescribeModel", { ModelName: "m" })).toMatchObject({ VpcConfig });
  const config = (variant: object) =>
    request("CreateEndpointConfig", {
      EndpointConfigName: "c",
      ProductionVariants: [{ VariantName: "v", ModelName: "m", ...variant }],
    });
  await expect(config({ ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } })).rejects.toThrow(
    /serverless endpoint cannot be in a VPC.*"m"/,
  );
  await config({ InstanceType: "ml.m5.large", InitialInstanceCount: 1 });
});

test("missing, existing and unsupported resources are rejected by name", async () => {
  await createConfig("one");
  await expect(request("DescribeEndpoint", { EndpointName: "nope" })).rejects.toThrow(
    /Could not find endpoint/,
  );
  await expect(request("CreateModel", { ModelName: "bad_name" })).rejects.toThrow(/regular expression/);
  await expect(createConfig("one")).rejects.toThrow(/already existing model/);
  await expect(invoke("x", "nope")).rejects.toMatchObject({ code: "ValidationError" });
  await expect(
    request("CreateEndpointConfig", { EndpointConfigName: "c", DataCaptureConfig: {} }),
  ).rejects.toThrow(/DataCaptureConfig/);
  await expect(
    request("CreateEndpointConfig", {
      EndpointConfigName: "c",
      ProductionVariants: [
        { VariantName: "v", ModelName: "one", ServerlessConfig: { MemorySizeInMB: 1000, MaxConcurrency: 1 } },
      ],
    }),
  ).rejects.toThrow(/MemorySizeInMB/);
});

test("a list is filtered, ordered and cut into pages", async () => {
  for (const name of ["a-1", "a-2", "a-3", "b-1"]) await createConfig(name);
  const first = await request("ListModels", {
    NameContains: "a-",
    SortBy: "Name",
    SortOrder: "Ascending",
    MaxResults: 2,
  });
  expect(first.Models.map((model: { ModelName: string }) => model.ModelName)).toEqual(["a-1", "a-2"]);
  const rest = await request("ListModels", {
    NameContains: "a-",
    SortBy: "Name",
    SortOrder: "Ascending",
    NextToken: first.NextToken,
  });
  expect(rest.Models).toHaveLength(1);
  expect(rest.NextToken).toBeUndefined();
});
