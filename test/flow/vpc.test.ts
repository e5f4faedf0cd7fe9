// Jobs and endpoints of a deployment in a VPC.
import {
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateProcessingJobCommand,
} from "@aws-sdk/client-sagemaker";
import { advanceDeployment } from "@sluice/core/deployment/advance.ts";
import { provision } from "@sluice/core/deployment/request.ts";
import { createEvaluationJob } from "@sluice/core/evaluation/job.ts";
import type { Dataset } from "@sluice/core/dataset/dataset.ts";
import { getVersion } from "@sluice/core/version/read.ts";
import { beforeEach, describe, expect, test } from "vitest";
import { deployments, model } from "./deployments.ts";
import { setLink } from "./links.ts";

const { client, time, clock, registered } = deployments();
const hosting = {
  roleArn: "arn:role",
  evaluationRoleArn: "arn:evaluation",
  serveImage: "image",
  logDays: "7",
};
const inVpc = { ...hosting, subnets: "subnet-1,subnet-2", securityGroups: "sg-1" };
const VpcConfig = { Subnets: ["subnet-1", "subnet-2"], SecurityGroupIds: ["sg-1"] };

const inputsOf = (command: typeof CreateModelCommand | typeof CreateEndpointConfigCommand) =>
  client.commandCalls(command as typeof CreateModelCommand).map(({ args }) => args[0].input);

async function evaluate() {
  const version = await getVersion(model, await registered("a"));
  await createEvaluationJob(version, { dataset: { folder: "datasets/d/" } as Dataset as never }, time.now);
  return client.commandCalls(CreateProcessingJobCommand).at(-1)!.args[0].input;
}

beforeEach(() => setLink("Hosting", hosting));

describe("In a VPC", () => {
  beforeEach(() => setLink("Hosting", inVpc));

  test.each(["realtime", "async"] as const)(
    "the SageMaker model for the target %s has the subnets and groups",
    async (target) => {
      const version = await registered("a");
      const { action } = await provision({ model, version, target }, "test", time.now);
      expect(action).toBe("started");
      await advanceDeployment(model, clock);
      expect(inputsOf(CreateModelCommand)).toMatchObject([{ ExecutionRoleArn: "arn:role", VpcConfig }]);
      expect(inputsOf(CreateEndpointConfigCommand)).toHaveLength(1);
    },
  );

  test("a serverless endpoint is rejected with the targets that work", async () => {
    const version = await registered("a");
    await expect(provision({ model, version }, "test", time.now)).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: "target: vehicles cannot have a serverless endpoint, because this deployment is in a VPC.",
      hint: "Use another target: npx sluice provision vehicles --target realtime, or async.",
    });
    expect(inputsOf(CreateModelCommand)).toEqual([]);
  });

  test("an evaluation runs in it", async () => {
    expect(await evaluate()).toMatchObject({ NetworkConfig: { VpcConfig } });
  });
});

test("without a VPC, requests have no network", async () => {
  expect(await evaluate()).not.toHaveProperty("NetworkConfig");
  await provision({ model, version: await registered("a"), target: "realtime" }, "test", time.now);
  await advanceDeployment(model, clock);
  expect(inputsOf(CreateModelCommand)[0]!.VpcConfig).toBeUndefined();
});

test("a VPC that is declared later changes the name of the config, so that the endpoint is updated", async () => {
  const version = await registered("a");
  const configs = [];
  for (const link of [hosting, inVpc, { ...inVpc, subnets: "subnet-3" }]) {
    setLink("Hosting", link);
    const { deployment } = await provision({ model, version, target: "realtime" }, "test", time.now);
    configs.push(deployment!.config);
  }
  expect(new Set(configs).size).toBe(3);
});
