// A deployment against a SageMaker that a test plays: what it is told of comes twice, late, in another order, or never.
import {
  ApplicationAutoScalingClient,
  DeregisterScalableTargetCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  SageMakerClient,
  UpdateEndpointCommand,
} from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { db } from "@sluice/core/db.ts";
import { advance } from "@sluice/core/deployment/advance.ts";
import { fromId, traffic } from "@sluice/core/deployment/read.ts";
import { provision } from "@sluice/core/deployment/request.ts";
import { withdraw } from "@sluice/core/deployment/withdraw.ts";
import { mockClient } from "aws-sdk-client-mock";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { answer, edges, failure, png } from "./edges.ts";
import { stage } from "./stage.ts";
import { expectErrorLog } from "../support/error-log.ts";

const model = "vehicles";
const endpoint = "sluice-test-vehicles-serverless";
const candidate = `${endpoint}-next`;
const MINUTE = 60_000;

let cloud: Awaited<ReturnType<typeof stage>>;
const { objects, models, works } = edges();
const maker = mockClient(SageMakerClient);
const queues = mockClient(SQSClient);
const scaler = mockClient(ApplicationAutoScalingClient);
let now = 0;
const clock = () => now;

interface Endpoint {
  status: string;
  config: string;
  next?: string;
  reason?: string;
  modified: number;
}
const endpoints = new Map<string, Endpoint>();
/** By config, of those that have any. */
const instances = new Map<string, string>();
const configs = new Set<string>();
/** What Application Auto Scaling scales. */
const scaled = new Set<string>();
/** Configs that SageMaker fails to start. */
const bad = new Set<string>();

function touch(name: string, change: Partial<Endpoint>) {
  endpoints.set(name, { ...endpoints.get(name)!, ...change, modified: (now += 10) });
}

/** What SageMaker is at comes to its end. */
function settle() {
  for (const [name, { status, config, next }] of endpoints) {
    if (status === "Deleting") endpoints.delete(name);
    if (status === "Creating" && bad.has(config)) touch(name, { status: "Failed", reason: "no ping" });
    else if (status === "Creating") touch(name, { status: "InService" });
    if (status === "Updating" && bad.has(next!))
      touch(name, { status: "InService", next: undefined, reason: "rolled back" });
    else if (status === "Updating")
      touch(name, { status: "InService", config: next!, next: undefined, reason: undefined });
  }
}

/** What happens to a config just before SageMaker looks for it. */
let onDemand: (operation: string, config: string) => void;

function demandConfig(name: string, operation: string) {
  onDemand(operation, name);
  if (configs.has(name)) return;
  throw failure("ValidationException", `Could not find endpoint configuration "${name}".`);
}

const sagemakerPlays = () => {
  const missing = (name: string) => failure("ValidationException", `Could not find endpoint "${name}".`);
  maker.reset();
  maker.onAnyCommand().resolves({});
  maker.on(DescribeEndpointCommand).callsFake(({ EndpointName: name }) => {
    const found = endpoints.get(name);
    if (!found) throw missing(name);
    const { status, config, reason, modified } = found;
    return {
      ...(instances.has(config) && { ProductionVariants: [{ CurrentInstanceCount: 1 }] }),
      EndpointStatus: status,
      EndpointConfigName: config,
      FailureReason: reason,
      LastModifiedTime: new Date(modified),
    };
  });
  maker.on(CreateEndpointCommand).callsFake(({ EndpointName: name, EndpointConfigName: config }) => {
    demandConfig(config, "CreateEndpoint");
    if (endpoints.has(name)) throw failure("ValidationException", "Cannot create already existing endpoint");
    touch(name, { status: "Creating", config, reason: undefined });
  });
  maker.on(UpdateEndpointCommand).callsFake(({ EndpointName: name, EndpointConfigName: next }) => {
    demandConfig(next, "UpdateEndpoint");
    if (endpoints.get(name)?.status !== "InService")
      throw failure("ValidationException", "Cannot update in-progress endpoint");
    touch(name, { status: "Updating", next, reason: undefined });
  });
  maker.on(DeleteEndpointCommand).callsFake(({ EndpointName: name }) => {
    if (!endpoints.delete(name)) throw missing(name);
  });
  maker.on(DescribeEndpointConfigCommand).callsFake(({ EndpointConfigName: name }) => {
    demandConfig(name, "DescribeEndpointConfig");
    return { ProductionVariants: [{ ModelName: name, InstanceType: instances.get(name) }] };
  });
  maker.on(DeleteEndpointConfigCommand).callsFake(({ EndpointConfigName: name }) => {
    demandConfig(name, "DeleteEndpointConfig");
    configs.delete(name);
  });
  maker.on(CreateEndpointConfigCommand).callsFake(({ EndpointConfigName, ProductionVariants }) => {
    if (configs.has(EndpointConfigName))
      throw failure("ValidationException", "Cannot create already existing endpoint configuration");
    configs.add(EndpointConfigName);
    const { InstanceType } = ProductionVariants[0];
    if (InstanceType) instances.set(EndpointConfigName, InstanceType);
  });
  scaler.reset();
  scaler.onAnyCommand().resolves({});
  scaler.on(RegisterScalableTargetCommand).callsFake(async ({ ResourceId }) => void scaled.add(ResourceId));
  scaler
    .on(DeregisterScalableTargetCommand)
    .callsFake(async ({ ResourceId }) => void scaled.delete(ResourceId));
  maker.on(DescribeModelCommand).callsFake(({ ModelName }) => ({
    PrimaryContainer: { ModelDataUrl: uriOf(ModelName) },
  }));
  models.on(InvokeEndpointCommand).callsFake(({ EndpointName }) => {
    const { config } = endpoints.get(EndpointName)!;
    return { Body: Buffer.from(JSON.stringify({ ...answer(0.97), version: versionOf(config) })) };
  });
  queues.on(SendMessageBatchCommand).resolves({});
  objects.on(GetObjectCommand).callsFake(() => ({
    Body: { transformToByteArray: () => Promise.resolve(png(8, 8)) },
  }));
};

const digestOf = (word: string) => word.repeat(64).slice(0, 64);
const versionOf = (config: string) => digestOf(config.split("-").at(-2)![0]!).slice(0, 12);
const uriOf = (config: string) => `s3://artifacts/${versionOf(config)}`;

async function registered(word: string) {
  const digest = digestOf(word);
  const version = digest.slice(0, 12);
  const at = new Date(now).toISOString();
  await db()
    .entities.modelVersion.put({
      model,
      version,
      digest,
      packageUri: `s3://artifacts/${version}`,
      bytes: 1,
      about: {
        task: "image-classification",
        classes: ["car", "truck", "bus", "motorcycle", "bicycle"],
        head: "softmax",
      },
      source: "uploaded",
      evaluation: "none",
      sample: { key: "sample", contentType: "image/png" },
      status: "accepted",
      createdAt: at,
      changedAt: at,
    })
    .go();
  return version;
}

beforeAll(async () => {
  cloud = await stage();
  process.env.SST_RESOURCE_Hosting = JSON.stringify({ roleArn: "arn:role", serveImage: "image" });
});
afterAll(() => cloud.dispose());
beforeEach(async () => {
  works();
  sagemakerPlays();
  await forget();
});

async function forget() {
  onDemand = () => {};
  now = Date.parse("2026-11-21T08:00:00Z");
  endpoints.clear();
  bad.clear();
  instances.clear();
  configs.clear();
  scaled.clear();
  await db().entities.traffic.delete({ model }).go();
  const { data } = await db().entities.deployment.query.byTime({ model }).go({ pages: "all" });
  for (const { id } of data) await db().entities.deployment.delete({ id }).go();
}

/** Deploys with every event told at once. */
async function deploy(version: string) {
  const { deployment } = await provision({ model, version }, "test", now);
  for (let turn = 0; turn < 5; turn++) {
    await advance(model, clock);
    settle();
  }
  return fromId(deployment!.id);
}

/** What may happen next: SageMaker gets on, it is told of so many times at once, or a minute goes by. */
const happenings = fc.array(
  fc.oneof(fc.constant("settles" as const), fc.constant("a minute" as const), fc.integer({ min: 1, max: 3 })),
  { maxLength: 14 },
);

async function happen(list: (number | "settles" | "a minute")[]) {
  for (const what of list) {
    if (what === "settles") settle();
    else if (what === "a minute") now += MINUTE;
    else await Promise.all(Array.from({ length: what }, () => advance(model, clock)));
  }
  // In the end the clock looks at everything that runs, as long as it runs.
  for (let turn = 0; turn < 8; turn++) {
    settle();
    now += MINUTE;
    await advance(model, clock);
  }
}

describe("A deployment, whatever it is told and when,", () => {
  test("ends live: the endpoint serves the version, the candidate is gone, the record says so", async () => {
    await fc.assert(
      fc.asyncProperty(happenings, async (list) => {
        await forget();
        await deploy(await registered("a"));
        const version = await registered("b");
        const { deployment } = await provision({ model, version }, "test", now);
        await happen(list);
        expect(await fromId(deployment!.id)).toMatchObject({ status: "live", step: "done" });
        expect(versionOf(endpoints.get(endpoint)!.config)).toBe(version);
        expect([...endpoints.keys()]).toEqual([endpoint]);
        expect(await traffic(model)).toMatchObject({ version, endpoint });
      }),
      { seed: 21, numRuns: 20 },
    );
  }, 60_000);

  test("fails where it must: what served before serves on, nothing else is left", async () => {
    expectErrorLog(/Deployment failed/);
    await fc.assert(
      fc.asyncProperty(happenings, async (list) => {
        await forget();
        const before = await registered("a");
        await deploy(before);
        const version = await registered("b");
        const { deployment } = await provision({ model, version }, "test", now);
        bad.add(deployment!.config);
        await happen(list);
        expect(await fromId(deployment!.id)).toMatchObject({
          status: "failed",
          reason: expect.stringContaining("no ping"),
        });
        expect([...endpoints]).toMatchObject([[endpoint, { status: "InService" }]]);
        expect(versionOf(endpoints.get(endpoint)!.config)).toBe(before);
        expect(await traffic(model)).toMatchObject({ version: before });
      }),
      { seed: 22, numRuns: 15 },
    );
  }, 60_000);
});

describe("A deployment", () => {
  test("whose update is rolled back says so, and the old config serves on", async () => {
    expectErrorLog(/Deployment failed/);
    const before = await registered("a");
    await deploy(before);
    const { deployment } = await provision({ model, version: await registered("b") }, "test", now);
    await advance(model, clock);
    settle();
    await advance(model, clock);
    bad.add(deployment!.config);
    settle();
    await advance(model, clock);
    expect(await fromId(deployment!.id)).toMatchObject({
      status: "failed",
      step: "live",
      reason: expect.stringContaining("rolled back"),
    });
    expect([...endpoints.keys()]).toEqual([endpoint]);
    expect(await traffic(model)).toMatchObject({ version: before });
  });

  test("to other instances that is rolled back leaves what serves on scaled as it was", async () => {
    expectErrorLog(/Deployment failed/);
    const live = "endpoint/sluice-test-vehicles-realtime/variant/AllTraffic";
    const on = (version: string, instance: string) =>
      provision({ model, version, target: "realtime", instance }, "test", now);
    await on(await registered("a"), "ml.m5.large");
    for (let turn = 0; turn < 5; turn++) {
      await advance(model, clock);
      settle();
    }
    expect([...scaled]).toEqual([live]);
    const { deployment } = await on(await registered("b"), "ml.c5.large");
    await advance(model, clock);
    settle();
    await advance(model, clock);
    // SageMaker refuses other instances to an endpoint that is scaled.
    expect([...scaled]).toEqual([]);
    bad.add(deployment!.config);
    settle();
    await advance(model, clock);
    expect(await fromId(deployment!.id)).toMatchObject({ status: "failed", step: "live" });
    expect([...scaled]).toEqual([live]);
    expect(scaler.commandCalls(RegisterScalableTargetCommand).at(-1)!.args[0].input).toMatchObject({
      MinCapacity: 1,
      MaxCapacity: 3,
    });
  });

  test("that nothing comes of is given up in the end", async () => {
    expectErrorLog(/Deployment failed/);
    await deploy(await registered("a"));
    const { deployment } = await provision({ model, version: await registered("b") }, "test", now);
    await advance(model, clock);
    expect(endpoints.get(candidate)).toMatchObject({ status: "Creating" });
    now += 41 * MINUTE;
    await advance(model, clock);
    expect(await fromId(deployment!.id)).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(/"candidate" did not finish within 40 minutes/),
    });
  });

  test("of a share is given up when too many of the candidate's answers are failures", async () => {
    expectErrorLog(/Deployment failed/);
    const before = await registered("a");
    await deploy(before);
    const version = await registered("b");
    const { deployment } = await provision({ model, version, shares: [10, 100] }, "test", now);
    for (let turn = 0; turn < 3; turn++) {
      await advance(model, clock);
      settle();
    }
    expect(await traffic(model)).toMatchObject({ candidate: { version, share: 10, endpoint: candidate } });
    await db().entities.traffic.update({ model }).add({ answers: 20, failures: 4 }).go();
    await advance(model, clock);
    expect(await fromId(deployment!.id)).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("4 of the candidate's 20 responses"),
    });
    expect((await traffic(model)).candidate).toBeUndefined();
    expect([...endpoints.keys()]).toEqual([endpoint]);
  });

  test("asked for again while the last one's config is removed makes the config again", async () => {
    await deploy(await registered("a"));
    const version = await registered("b");
    const shift = () => provision({ model, version, shares: [10, 100], every: "1 minutes" }, "test", now);
    await shift();
    await advance(model, clock);
    await withdraw(model, "test", now);
    let again: string | undefined;
    maker.on(DeleteEndpointConfigCommand).callsFake(async ({ EndpointConfigName: name }) => {
      if (again === undefined) {
        again = (await shift()).deployment!.id;
        await advance(model, clock);
      }
      demandConfig(name, "DeleteEndpointConfig");
      configs.delete(name);
    });
    await happen([]);
    expect(await fromId(again!)).toMatchObject({ status: "live", version });
    expect(await traffic(model)).toMatchObject({ version });
  });

  test.each(["DescribeEndpointConfig", "CreateEndpoint", "UpdateEndpoint"])(
    "whose config is gone at %s makes it again, and fails where it is gone each time",
    async (operation) => {
      expectErrorLog(/Deployment failed/);
      await deploy(await registered("a"));
      const version = await registered("b");
      let removals = 1;
      onDemand = (asked, config) => {
        if (asked === operation && versionOf(config) === version && removals-- > 0) configs.delete(config);
      };
      const first = await provision({ model, version }, "test", now);
      await happen([]);
      expect(await fromId(first.deployment!.id)).toMatchObject({ status: "live" });
      removals = Infinity;
      await deploy(await registered("a"));
      const second = await provision({ model, version }, "test", now);
      await happen([]);
      expect(await fromId(second.deployment!.id)).toMatchObject({
        status: "failed",
        reason: expect.stringContaining("Could not find endpoint configuration"),
      });
    },
  );
});
