import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { create } from "tar";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Plugin } from "../../kernel/service.ts";
import { testKernel, type TestKernel } from "../../kernel/testing.ts";
import { expectErrorLog } from "../../../../../test/support/error-log.ts";
import { sagemaker } from "./plugin.ts";

// A container that responds with the content of its model, and fails in the way that the model names.
const PROGRAM = `
import { createServer } from "node:http";
import { existsSync, readFileSync } from "node:fs";
const model = readFileSync(process.env.SM_OPT_ML + "/model/answer.txt", "utf8");
if (model === "crash") { console.log("cannot load"); process.exit(3); }
createServer((request, response) => {
  if (request.url === "/ping") return response.end();
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    if (body === "die") process.exit(1);
    const answer = () => {
      const [, file] = body.split("until ");
      if (file && !existsSync(file)) return setTimeout(answer, 10);
    response.statusCode = body === "bad" ? 400 : 200;
    response.setHeader("content-type", "text/plain");
      response.end(model + ":" + body + ":" + request.headers["content-type"]);
    };
    answer();
  });
}).listen(Number(process.env.SAGEMAKER_BIND_TO_PORT), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
`;

let root: string;
let kernel: TestKernel;

beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), "sagemaker-"));
  mkdirSync(path.join(root, "box"));
  writeFileSync(path.join(root, "box/serve.mjs"), PROGRAM);
  writeFileSync(path.join(root, "box/package.json"), JSON.stringify({ bin: { serve: "serve.mjs" } }));
  kernel = await testKernel({
    root,
    plugins: [packages, alarms, sagemaker],
    graph: {
      resources: [
        {
          name: "Box",
          type: "docker-build:index:Image",
          inputs: { dockerfile: { location: "box/Dockerfile" } },
        },
      ],
    },
  });
});

afterEach(async () => {
  await kernel.dispose();
  rmSync(root, { recursive: true });
});

/** Replaces CloudWatch: the alarms in state ALARM. */
let ringing: string[] = [];
const alarms: Plugin = {
  name: "cloudwatch",
  resources: {},
  start: () => ({
    access: () => [],
    operations: {
      PutMetricData: () => ({}),
      DescribeAlarms: ({ AlarmNames }: { AlarmNames: string[] }) => ({
        MetricAlarms: AlarmNames.filter((AlarmName) => ringing.includes(AlarmName)).map((AlarmName) => ({
          AlarmName,
        })),
      }),
    },
  }),
};

// Replaces S3: the second last part of the key is the text that the model responds with.
const packages: Plugin = {
  name: "s3",
  resources: {},
  start: () => ({
    access: () => [],
    operations: {
      async GetObject({ Key }: { Key: string }) {
        const folder = mkdtempSync(path.join(tmpdir(), "package-"));
        writeFileSync(path.join(folder, "answer.txt"), Key.split("/")[0]!);
        chmodSync(path.join(folder, "answer.txt"), 0o6755);
        const file = path.join(folder, "m.tar.gz");
        await create({ gzip: true, cwd: folder, file }, ["answer.txt"]);
        const body = readFileSync(file);
        rmSync(folder, { recursive: true });
        return { Body: Readable.from(body) };
      },
    },
  }),
};

const ask = (operation: string, input: object) => kernel.call("sagemaker", operation, input);

async function deploy(
  version: string,
  variant: object = { InstanceType: "ml.m5.large", InitialInstanceCount: 1 },
) {
  await ask("CreateModel", {
    ModelName: version,
    ExecutionRoleArn: "arn:aws:iam::000000000000:role/hosting",
    PrimaryContainer: {
      Image: "000000000000.dkr.ecr.us-east-1.amazonaws.com/box:local",
      ModelDataUrl: `s3://artifacts/${version}/model.tar.gz`,
    },
  });
  await ask("CreateEndpointConfig", {
    EndpointConfigName: version,
    ProductionVariants: [{ VariantName: "main", ModelName: version, ...variant }],
  });
}

async function settled(name = "e") {
  return await expect
    .poll(
      async () => {
        const found = await ask("DescribeEndpoint", { EndpointName: name });
        return found.EndpointStatus.endsWith("ing") ? undefined : found;
      },
      { timeout: 20_000 },
    )
    .toBeTruthy()
    .then(() => ask("DescribeEndpoint", { EndpointName: name }));
}

const invoke = async (body: string, name = "e") => {
  const answer = await ask("InvokeEndpoint", {
    EndpointName: name,
    Body: Buffer.from(body),
    ContentType: "text/plain",
  });
  return Buffer.from(answer.Body).toString();
};
const statuses = () =>
  kernel.events
    .filter((event) => event.detailType === "SageMaker Endpoint State Change")
    .map((event) => event.detail["EndpointStatus"]);

test("an endpoint serves its model from a real process, and publishes events in SageMaker's casing", async () => {
  await deploy("one");
  await ask("CreateEndpoint", {
    EndpointName: "e",
    EndpointConfigName: "one",
    Tags: [{ Key: "app", Value: "x" }],
  });
  expect(await settled()).toMatchObject({ EndpointStatus: "InService", EndpointConfigName: "one" });
  expect(await invoke("hello")).toBe("one:hello:text/plain");
  expect(statuses()).toEqual(["CREATING", "IN_SERVICE"]);
  // The package contains it with setuid, setgid and execute bits.
  const unpacked = path.join(kernel.dir("sagemaker"), "endpoints/e/one/main/model/answer.txt");
  expect(statSync(unpacked).mode & 0o7777).toBe(0o600);
  expect(kernel.events.at(-1)!.detail).toMatchObject({
    EndpointName: "e",
    Tags: { app: "x" },
    LastModifiedTime: expect.any(Number),
  });
});

test("an update moves to the new model; a failed one rolls back to the old model", async () => {
  await deploy("one");
  await deploy("two");
  await deploy("crash");
  await ask("CreateEndpoint", { EndpointName: "e", EndpointConfigName: "one" });
  await settled();
  await ask("UpdateEndpoint", { EndpointName: "e", EndpointConfigName: "two" });
  expect(await settled()).toMatchObject({ EndpointStatus: "InService", EndpointConfigName: "two" });
  expect(await invoke("x")).toMatch(/^two:/);

  await ask("UpdateEndpoint", { EndpointName: "e", EndpointConfigName: "crash" });
  expect(await settled()).toMatchObject({
    EndpointStatus: "InService",
    EndpointConfigName: "two",
    FailureReason: expect.stringContaining("exit code 3"),
  });
  expect(await invoke("x")).toMatch(/^two:/);
  expect(statuses().slice(-3)).toEqual(["UPDATING", "ROLLING_BACK", "IN_SERVICE"]);
});

test("a container that cannot start leaves the endpoint Failed with the reason", async () => {
  await deploy("crash");
  await ask("CreateEndpoint", { EndpointName: "e", EndpointConfigName: "crash" });
  expect(await settled()).toMatchObject({
    EndpointStatus: "Failed",
    FailureReason: expect.stringContaining("ping health check"),
  });
});

test("errors of the container are ModelErrors with its status and message; a crashed container restarts", async () => {
  await deploy("one");
  await ask("CreateEndpoint", { EndpointName: "e", EndpointConfigName: "one" });
  await settled();
  await expect(invoke("bad")).rejects.toMatchObject({
    code: "ModelError",
    status: 424,
    fields: { OriginalStatusCode: 400 },
  });
  await expect(invoke("die")).rejects.toMatchObject({
    code: "ModelError",
    fields: {
      OriginalStatusCode: 0,
      OriginalMessage: expect.stringContaining("could not get a response from the e endpoint"),
    },
  });
  await expect.poll(() => invoke("again").catch(() => ""), { timeout: 10_000 }).toBe("one:again:text/plain");
});

/** Once the new fleet has its first traffic. */
async function bakes() {
  await expect
    .poll(() => kernel.events.at(-1)?.detail["PendingDeploymentSummary"], { timeout: 20_000 })
    .toMatchObject({ ProductionVariants: [{ VariantStatus: [{ Status: "Baking" }] }] });
}
const canary = (alarm?: string) => ({
  BlueGreenUpdatePolicy: {
    TrafficRoutingConfiguration: {
      Type: "CANARY",
      WaitIntervalInSeconds: 600,
      CanarySize: { Type: "CAPACITY_PERCENT", Value: 50 },
    },
  },
  ...(alarm && { AutoRollbackConfiguration: { Alarms: [{ AlarmName: alarm }] } }),
});
const answers = async () => {
  const all = new Set<string>();
  for (let request = 0; request < 20; request++) all.add((await invoke("x")).split(":")[0]!);
  return [...all].toSorted();
};

test("a canary receives its share of the traffic, then all of it; an alarm rolls back", async () => {
  await deploy("one");
  await deploy("two");
  await deploy("three");
  await ask("CreateEndpoint", { EndpointName: "e", EndpointConfigName: "one" });
  await settled();
  const update = (config: string, DeploymentConfig: object) =>
    ask("UpdateEndpoint", { EndpointName: "e", EndpointConfigName: config, DeploymentConfig });
  await update("two", canary());
  await bakes();
  expect(await answers()).toEqual(["one", "two"]);
  await kernel.clock.advance(600_000);
  await kernel.clock.advance(600_000);
  expect(await settled()).toMatchObject({ EndpointConfigName: "two", LastDeploymentConfig: canary() });
  expect(await answers()).toEqual(["two"]);

  await update("three", canary("errors"));
  await bakes();
  ringing = ["errors"];
  await kernel.clock.advance(600_000);
  expect(await settled()).toMatchObject({
    EndpointConfigName: "two",
    FailureReason: expect.stringContaining('"errors"'),
  });
  expect(await answers()).toEqual(["two"]);
  ringing = [];
  await expect(
    update("three", {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: {
          Type: "LINEAR",
          WaitIntervalInSeconds: 0,
          LinearStepSize: { Type: "CAPACITY_PERCENT", Value: 5 },
        },
      },
    }),
  ).rejects.toThrow(/linearStepSize/);
});

test("weights and instance counts can change, and an update retains them only on request", async () => {
  await deploy("one");
  await deploy("two");
  await ask("CreateEndpoint", { EndpointName: "e", EndpointConfigName: "one" });
  await settled();
  const change = (wish: object) =>
    ask("UpdateEndpointWeightsAndCapacities", {
      EndpointName: "e",
      DesiredWeightsAndCapacities: [{ VariantName: "main", ...wish }],
    });
  const variant = async () => (await settled()).ProductionVariants[0];
  await change({ DesiredWeight: 3, DesiredInstanceCount: 2 });
  expect(await variant()).toMatchObject({
    CurrentWeight: 3,
    CurrentInstanceCount: 2,
    DesiredInstanceCount: 2,
  });
  await expect(change({ DesiredInstanceCount: 0 })).rejects.toThrow(/at least 1/);
  await ask("UpdateEndpoint", {
    EndpointName: "e",
    EndpointConfigName: "two",
    RetainAllVariantProperties: true,
    ExcludeRetainedVariantProperties: [{ VariantPropertyType: "DesiredWeight" }],
  });
  expect(await variant()).toMatchObject({ CurrentWeight: 1, CurrentInstanceCount: 2 });
});

test("a serverless endpoint throttles above its concurrency and scales to zero when idle", async () => {
  await deploy("one", { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 1 } });
  await ask("CreateEndpoint", { EndpointName: "e", EndpointConfigName: "one" });
  await settled();
  const [first, second] = await Promise.allSettled([invoke("a"), invoke("b")]);
  expect(first.status).toBe("fulfilled");
  expect(second).toMatchObject({ reason: { code: "ThrottlingException", status: 429 } });
  await kernel.clock.advance(10 * 60_000);
  expect(await invoke("after a cold start")).toMatch(/^one:/);
});

test("endpoints serve again after a restart of the cloud", async () => {
  await deploy("one");
  await ask("CreateEndpoint", { EndpointName: "e", EndpointConfigName: "one" });
  await settled();
  kernel = await kernel.restart();
  expect(await invoke("back")).toMatch(/^one:/);
});

test("a model whose environment could load code is rejected", async () => {
  const model = (Environment: Record<string, string>) =>
    ask("CreateModel", {
      ModelName: "m",
      ExecutionRoleArn: "arn:aws:iam::000000000000:role/hosting",
      PrimaryContainer: { Image: "000000000000.dkr.ecr.us-east-1.amazonaws.com/box:local", Environment },
    });
  await expect(model({ NODE_OPTIONS: "--import=data:," })).rejects.toThrow(/NODE_OPTIONS cannot be set/);
  await model({ OWN: "fine" });
});

test("missing, existing and unsupported resources are rejected by name", async () => {
  await deploy("one");
  await expect(ask("DescribeEndpoint", { EndpointName: "nope" })).rejects.toThrow(/Could not find endpoint/);
  await expect(ask("CreateModel", { ModelName: "bad_name" })).rejects.toThrow(/regular expression/);
  await expect(deploy("one")).rejects.toThrow(/already existing model/);
  await expect(invoke("x", "nope")).rejects.toMatchObject({ code: "ValidationError" });
  await expect(
    ask("CreateEndpointConfig", { EndpointConfigName: "c", DataCaptureConfig: {} }),
  ).rejects.toThrow(/DataCaptureConfig/);
  await expect(
    ask("CreateEndpointConfig", {
      EndpointConfigName: "c",
      ProductionVariants: [
        { VariantName: "v", ModelName: "one", ServerlessConfig: { MemorySizeInMB: 1000, MaxConcurrency: 1 } },
      ],
    }),
  ).rejects.toThrow(/MemorySizeInMB/);
});

test("a list is filtered, sorted and paginated", async () => {
  for (const name of ["a-1", "a-2", "a-3", "b-1"]) await deploy(name);
  const first = await ask("ListModels", {
    NameContains: "a-",
    SortBy: "Name",
    SortOrder: "Ascending",
    MaxResults: 2,
  });
  expect(first.Models.map((model: { ModelName: string }) => model.ModelName)).toEqual(["a-1", "a-2"]);
  const rest = await ask("ListModels", {
    NameContains: "a-",
    SortBy: "Name",
    SortOrder: "Ascending",
    NextToken: first.NextToken,
  });
  expect(rest.Models).toHaveLength(1);
  expect(rest.NextToken).toBeUndefined();
});

test("deleting an endpoint stops its process and frees the name", async () => {
  await deploy("one");
  await ask("CreateEndpoint", { EndpointName: "e", EndpointConfigName: "one" });
  await settled();
  await expect(ask("DeleteEndpointConfig", { EndpointConfigName: "one" })).rejects.toThrow(/in use/);
  await ask("DeleteEndpoint", { EndpointName: "e" });
  await expect
    .poll(() =>
      ask("DescribeEndpoint", { EndpointName: "e" }).then(
        () => "there",
        () => "gone",
      ),
    )
    .toBe("gone");
});

test("an endpoint is InService once its record can be written", async () => {
  expectErrorLog(/is not writable/);
  const { store, disk, clock } = kernel;
  await deploy("v1");
  await ask("CreateEndpoint", { EndpointName: "e", EndpointConfigName: "v1" });
  store.get("pragma query_only = on");
  await expect.poll(() => disk.lastError()?.code, { timeout: 20_000 }).toBe("DISK_NOT_WRITABLE");
  await clock.advance(3_000);
  expect((await ask("DescribeEndpoint", { EndpointName: "e" })).EndpointStatus).toBe("Creating");
  store.get("pragma query_only = off");
  await clock.advance(1_000);
  expect((await settled()).EndpointStatus).toBe("InService");
});

test("the old container completes a running request before an update stops it", async () => {
  await deploy("v1");
  await deploy("v2");
  await ask("CreateEndpoint", { EndpointName: "e", EndpointConfigName: "v1" });
  await settled();
  const file = path.join(root, "go");
  const underWay = invoke(`until ${file}`);
  await ask("UpdateEndpoint", { EndpointName: "e", EndpointConfigName: "v2" });
  expect((await settled()).EndpointConfigName).toBe("v2");
  expect(await invoke("next")).toMatch(/^v2:next/);
  writeFileSync(file, "");
  expect(await underWay).toMatch(/^v1:until/);
});
