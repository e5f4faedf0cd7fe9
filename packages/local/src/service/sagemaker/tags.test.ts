// Policies with conditions on tags: of the request at creation, of the resource afterwards.
import {
  AddTagsCommand,
  CreateModelCommand,
  DeleteModelCommand,
  DescribeModelCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testCloud, type TestCloud } from "../../kernel/testing-cloud.ts";

const ROLE = "arn:aws:iam::000000000000:role/worker";
const tagged = (test: string, key: string) => ({ [test]: { [`aws:${key}/team`]: ["red"] } });
const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: ["sagemaker:CreateModel", "sagemaker:AddTags"],
      Resource: "*",
      Condition: {
        ...tagged("StringEquals", "RequestTag"),
        ...tagged("StringEqualsIfExists", "ResourceTag"),
      },
    },
    {
      Effect: "Allow",
      Action: ["sagemaker:DescribeModel", "sagemaker:DeleteModel"],
      Resource: "*",
      Condition: tagged("StringEqualsIfExists", "ResourceTag"),
    },
    { Effect: "Allow", Action: "iam:PassRole", Resource: ROLE },
  ],
});

let cloud: TestCloud;
let root: SageMakerClient;
let worker: SageMakerClient;
beforeAll(async () => {
  const role = { name: "worker", inlinePolicies: [{ name: "own", policy }] };
  cloud = await testCloud({
    graph: { resources: [{ name: "Worker", type: "aws:iam/role:Role", inputs: role }] },
  });
  root = new SageMakerClient(cloud.client);
  worker = new SageMakerClient({ ...cloud.client, credentials: cloud.kernel.keys.issue(ROLE, "fn") });
});
afterAll(() => cloud.dispose());

const create = (name: string, team?: string) =>
  new CreateModelCommand({
    ModelName: name,
    ExecutionRoleArn: ROLE,
    PrimaryContainer: { Image: "000000000000.dkr.ecr.us-east-1.amazonaws.com/box:local" },
    ...(team && { Tags: [{ Key: "team", Value: team }] }),
  });
const denied = { name: "AccessDeniedException" };

test("creation needs the tags that the policy names", async () => {
  await worker.send(create("own", "red"));
  await expect(worker.send(create("foreign", "blue"))).rejects.toMatchObject(denied);
  await expect(worker.send(create("untagged"))).rejects.toMatchObject(denied);
});

test("a resource with other tags can be neither read, deleted nor tagged again", async () => {
  const { ModelArn: ResourceArn } = await root.send(create("blue", "blue"));
  await expect(worker.send(new DescribeModelCommand({ ModelName: "blue" }))).rejects.toMatchObject(denied);
  await expect(worker.send(new DeleteModelCommand({ ModelName: "blue" }))).rejects.toMatchObject(denied);
  const Tags = [{ Key: "team", Value: "red" }];
  await expect(worker.send(new AddTagsCommand({ ResourceArn, Tags }))).rejects.toMatchObject(denied);
});

test("a missing resource is reported as missing; a deleted one leaves no tags", async () => {
  const missing = { name: "ValidationException" };
  await expect(worker.send(new DescribeModelCommand({ ModelName: "none" }))).rejects.toMatchObject(missing);
  await root.send(new DeleteModelCommand({ ModelName: "blue" }));
  await expect(worker.send(new DescribeModelCommand({ ModelName: "blue" }))).rejects.toMatchObject(missing);
});
