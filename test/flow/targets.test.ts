// The same version hosted four ways: each answers the same, and going over to another leaves nothing of the one before.
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { DescribeEndpointConfigCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { getTraffic } from "@sluice/core/deployment/read.ts";
import { provision, type Request } from "@sluice/core/deployment/request.ts";
import type * as z from "zod";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startStage, type Stage } from "../support/cloud.ts";
import { differently } from "../support/package.ts";
import { packageOf, sampleOf } from "../support/sample.ts";
import { until } from "../support/until.ts";
import { expectErrorLog } from "../support/error-log.ts";

const model = "vehicles";
const at = (target: string) => `sluice-local-vehicles-${target}`;
let stage: Stage;
let version: string;
let picture: { bytes: Buffer; label: string };
beforeAll(async () => {
  stage = await startStage();
  const good = await packageOf(model);
  picture = await sampleOf(model, 3);
  ({ version } = await stage.importPackage(model, good));
}, 240_000);
afterAll(() => stage.dispose());

const ask = (more: Partial<z.input<typeof Request>>) =>
  provision({ model, version, ...more }, "test", Date.now());
async function deploy(more: Partial<z.input<typeof Request>>) {
  const { deployment } = await ask(more);
  const done = await stage.deployed(deployment!.id);
  expect(done).toMatchObject({ status: "live" });
  return done;
}
const predict = () => stage.api(`/predict/${model}`, { method: "POST", body: picture.bytes });
const shown = async () =>
  (await (await stage.api(`/models/${model}`)).json()) as { endpoint: object; target: string };

/** By the queue: an upload's prediction, answered by this endpoint. */
async function uploaded(key: string, endpoint: string) {
  const { idFor } = await stage.upload(`uploads/vehicles/${key}.jpg`, picture.bytes);
  const found = await stage.prediction(idFor(model));
  expect(found).toMatchObject({ modelVersion: version, endpoint, summary: { class: picture.label } });
}

async function scaling(endpoint: string) {
  const client = new ApplicationAutoScalingClient({});
  const input = {
    ServiceNamespace: "sagemaker",
    ResourceId: `endpoint/${endpoint}/variant/AllTraffic`,
  } as const;
  const { ScalableTargets } = await client.send(
    new DescribeScalableTargetsCommand({ ServiceNamespace: "sagemaker", ResourceIds: [input.ResourceId] }),
  );
  const { ScalingPolicies } = await client.send(new DescribeScalingPoliciesCommand(input));
  return { targets: ScalableTargets!, policies: ScalingPolicies! };
}

/** The names of an endpoint's alarms that notify the topic. */
async function alarmsOf(endpoint: string) {
  const pages = await Array.fromAsync(paginateDescribeAlarms({ client: new CloudWatchClient({}) }, {}));
  return pages
    .flatMap(({ MetricAlarms }) => MetricAlarms!)
    .filter(({ AlarmName }) => AlarmName!.endsWith(`-endpoint/${endpoint}`))
    .filter(({ AlarmActions }) => AlarmActions![0]!.endsWith(":sluice-local-Alarms"))
    .map(({ AlarmName }) => AlarmName!.split("-")[0]);
}

/** The days after which the log lines of an endpoint expire. */
async function logDays(endpoint: string) {
  const prefix = { logGroupNamePrefix: `/aws/sagemaker/Endpoints/${endpoint}` };
  const { logGroups } = await new CloudWatchLogsClient({}).send(new DescribeLogGroupsCommand(prefix));
  return logGroups!.map(({ retentionInDays }) => retentionInDays);
}

async function configOf(name: string) {
  const sagemaker = new SageMakerClient({});
  return sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: name }));
}

test("serverless: memory and concurrency are as declared", async () => {
  const { config } = await deploy({});
  const { ProductionVariants } = await configOf(config);
  expect(ProductionVariants![0]!.ServerlessConfig).toEqual({ MemorySizeInMB: 2048, MaxConcurrency: 10 });
  expect(await alarmsOf(at("serverless"))).toEqual(["Errors", "Latency", "Overhead"]);
  expect(await logDays(at("serverless"))).toEqual([7]);
  await uploaded("serverless", at("serverless"));
}, 120_000);

test("real-time: the target changes without a failed request, and scales from one to three instances", async () => {
  let going = true;
  const statuses: number[] = [];
  const load = (async () => {
    while (going) statuses.push((await predict()).status);
  })();
  const done = await deploy({ target: "realtime", instance: "ml.c5.large" }).finally(() => (going = false));
  await load;
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect((await configOf(done.config)).ProductionVariants![0]).toMatchObject({
    InstanceType: "ml.c5.large",
    InitialInstanceCount: 1,
  });
  const { targets, policies } = await scaling(at("realtime"));
  expect(targets).toMatchObject([{ MinCapacity: 1, MaxCapacity: 3 }]);
  expect(policies).toMatchObject([{ PolicyType: "TargetTrackingScaling" }]);
  expect(await alarmsOf(at("realtime"))).toEqual(["Errors", "Latency", "Overhead"]);
  expect(await alarmsOf(at("serverless"))).toEqual([]);
  expect(await stage.sagemakerNames("endpoint")).toEqual([at("realtime")]);
  expect(await stage.sagemakerNames("endpoint-config")).toEqual([done.config]);
  expect(await ask({ target: "realtime", instance: "ml.c5.large" })).toMatchObject({ action: "unchanged" });
  expect(await shown()).toMatchObject({ target: "realtime", endpoint: { name: at("realtime") } });
  await uploaded("realtime", at("realtime"));
}, 120_000);

test("asynchronous: inputs and outputs are in S3, for synchronous callers and for the queue", async () => {
  const { config } = await deploy({ target: "async" });
  const { AsyncInferenceConfig } = await configOf(config);
  expect(AsyncInferenceConfig!.OutputConfig!.S3OutputPath).toBe(`s3://${stage.results}/async/${model}/`);
  expect((await scaling(at("realtime"))).targets).toEqual([]);
  expect((await scaling(at("async"))).policies).toMatchObject([{ PolicyName: "backlog-per-instance" }]);
  expect(await stage.sagemakerNames("endpoint")).toEqual([at("async")]);
  const answer = await predict();
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ modelVersion: version, endpoint: at("async") });
  await uploaded("async", at("async"));
  const { Contents } = await stage.s3.send(
    new ListObjectsV2Command({ Bucket: stage.results, Prefix: "async/input/prd_" }),
  );
  expect(Contents!.filter(({ Key }) => !Key!.endsWith(".pending"))).toHaveLength(2);
}, 120_000);

test("a candidate with another target is invoked as that target requires", async () => {
  const other = await stage.importPackage(
    model,
    await differently(await packageOf(model), {
      manifest: (given) => ({ ...given, training: { word: "share" } }),
    }),
  );
  const { deployment } = await ask({ version: other.version, target: "async", shares: [99] });
  await stage.deployed(deployment!.id, ({ step }) => step === "shifting");
  expect((await getTraffic(model)).candidate).toMatchObject({ target: "async", share: 99 });
  // A worker goes on with what it read for ten seconds.
  await until(async () =>
    expect(await (await predict()).json()).toMatchObject({
      modelVersion: other.version,
      endpoint: at("async-next"),
    }),
  );
  const given = await stage.api(`/traffic/${model}/candidate`, { method: "DELETE" });
  expect(given.status).toBe(200);
  await until(async () => expect(await stage.sagemakerNames("endpoint")).toEqual([at("async")]));
}, 120_000);

test("local: the version is live without an endpoint, and uploads wait for one", async () => {
  expectErrorLog(/ENDPOINT_NOT_FOUND/);
  expect(await ask({ target: "local" })).toMatchObject({ action: "started", endpoint: "" });
  await until(async () => expect(await getTraffic(model)).toMatchObject({ version, target: "local" }));
  await until(async () => expect(await stage.sagemakerNames("endpoint")).toEqual([]));
  await until(async () => expect(await ask({ target: "local" })).toMatchObject({ action: "unchanged" }));
  expect(await shown()).toMatchObject({ endpoint: { status: expect.stringMatching(/Delet|NotProv/) } });
  await until(async () => {
    const answer = await predict();
    expect(await answer.json()).toMatchObject({
      code: "ENDPOINT_NOT_FOUND",
      detail: expect.stringContaining('its target is "local"'),
    });
  });
  const { idFor } = await stage.upload("uploads/vehicles/waits.jpg", picture.bytes);
  await stage.prediction(idFor(model), ({ status }) => status === "pending");
  await deploy({ target: "serverless" });
  expect(await stage.prediction(idFor(model))).toMatchObject({ modelVersion: version });
}, 120_000);
