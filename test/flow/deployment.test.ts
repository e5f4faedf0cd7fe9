// Deployments against a simulated SageMaker, whose events arrive twice, late, in another order, or never.
import { RegisterScalableTargetCommand } from "@aws-sdk/client-application-auto-scaling";
import { DeleteEndpointConfigCommand } from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { byName } from "@sluice/models/index.ts";
import { db } from "@sluice/core/db.ts";
import { advanceDeployment } from "@sluice/core/deployment/advance.ts";
import { handleDeploymentEvent, type DeploymentTrigger } from "@sluice/core/deployment/on-event.ts";
import { getDeployment, getTraffic } from "@sluice/core/deployment/read.ts";
import { provision } from "@sluice/core/deployment/request.ts";
import { abortDeployment } from "@sluice/core/deployment/abort.ts";
import { mockClient } from "aws-sdk-client-mock";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { answer, edges, png } from "./edges.ts";
import { simulateSageMaker } from "./simulated-sagemaker.ts";
import { stage } from "./stage.ts";
import { expectErrorLog } from "../support/error-log.ts";

const model = "vehicles";
const endpoint = "sluice-test-vehicles-serverless";
const candidate = `${endpoint}-next`;
const MINUTE = 60_000;

let cloud: Awaited<ReturnType<typeof stage>>;
let now = 0;
const clock = () => now;
const { objects, models, works } = edges();
const queues = mockClient(SQSClient);
const { client, scaler, endpoints, configs, scaled, broken, hooks, finishChanges, deleteConfig, reset } =
  simulateSageMaker(
    () => (now += 10),
    (name) => uriOf(name),
  );

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
      manifest: {
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
  models.on(InvokeEndpointCommand).callsFake(({ EndpointName }) => {
    const { config } = endpoints.get(EndpointName)!;
    return { Body: Buffer.from(JSON.stringify({ ...answer(0.97), version: versionOf(config) })) };
  });
  queues.on(SendMessageBatchCommand).resolves({});
  objects.on(GetObjectCommand).callsFake(() => ({
    Body: { transformToByteArray: () => Promise.resolve(png(8, 8)) },
  }));
  await forget();
});

async function forget() {
  reset();
  now = Date.parse("2026-11-21T08:00:00Z");
  await db().entities.traffic.delete({ model }).go();
  const { data } = await db().entities.deployment.query.byTime({ model }).go({ pages: "all" });
  for (const { id } of data) await db().entities.deployment.delete({ id }).go();
}

/** Deploys with every event in time. */
async function deploy(version: string) {
  const { deployment } = await provision({ model, version }, "test", now);
  for (let turn = 0; turn < 5; turn++) {
    await advanceDeployment(model, clock);
    finishChanges();
  }
  return getDeployment(deployment!.id);
}

/** Records of reviewed predictions that a version served now. */
async function served(version: string, count: number, correct: number) {
  const at = new Date(now).toISOString();
  const day = at.slice(0, 10);
  const records = Array.from({ length: count }, (_, index) => ({
    id: `prd_${version}${index}`,
    model,
    task: "image-classification" as const,
    status: "rejected" as const,
    source: { bucket: "uploads", key: `uploads/vehicles/${version}-${index}.png` },
    attempts: 1,
    modelVersion: version,
    summary: { class: "car", confidence: 0.9 },
    review: {
      status: "resolved" as const,
      reason: "rejected" as const,
      openedAt: at,
      agreed: index < correct,
    },
    createdAt: at,
    day,
    bucket: day,
    changedAt: at,
    changedDay: day,
  }));
  await db().entities.prediction.put(records).go();
  await db().entities.day.put({ model, day }).go();
}

/** In any order: SageMaker finishes its changes, a minute passes, or up to three events arrive at once. */
const happenings = fc.array(
  fc.oneof(
    fc.constant("changes finish" as const),
    fc.constant("a minute" as const),
    fc.integer({ min: 1, max: 3 }),
  ),
  { maxLength: 14 },
);

async function happen(list: (number | "changes finish" | "a minute")[]) {
  for (const what of list) {
    if (what === "changes finish") finishChanges();
    else if (what === "a minute") now += MINUTE;
    else await Promise.all(Array.from({ length: what }, () => advanceDeployment(model, clock)));
  }
  // In the end the schedule advances every running deployment.
  for (let turn = 0; turn < 8; turn++) {
    finishChanges();
    now += MINUTE;
    await advanceDeployment(model, clock);
  }
}

describe("A deployment with events in any order and number", () => {
  test("goes live: the endpoint serves the version, and no candidate endpoint remains", async () => {
    await fc.assert(
      fc.asyncProperty(happenings, async (list) => {
        await forget();
        await deploy(await registered("a"));
        const version = await registered("b");
        const { deployment } = await provision({ model, version }, "test", now);
        await happen(list);
        expect(await getDeployment(deployment!.id)).toMatchObject({ status: "live", step: "done" });
        expect(versionOf(endpoints.get(endpoint)!.config)).toBe(version);
        expect([...endpoints.keys()]).toEqual([endpoint]);
        expect(await getTraffic(model)).toMatchObject({ version, endpoint });
      }),
      { seed: 21, numRuns: 20 },
    );
  }, 60_000);

  test("fails with a broken version: the previous version serves on, and no candidate endpoint remains", async () => {
    expectErrorLog(/Deployment failed/);
    await fc.assert(
      fc.asyncProperty(happenings, async (list) => {
        await forget();
        const before = await registered("a");
        await deploy(before);
        const version = await registered("b");
        const { deployment } = await provision({ model, version }, "test", now);
        broken.add(deployment!.config);
        await happen(list);
        expect(await getDeployment(deployment!.id)).toMatchObject({
          status: "failed",
          reason: expect.stringContaining("no ping"),
        });
        expect([...endpoints]).toMatchObject([[endpoint, { status: "InService" }]]);
        expect(versionOf(endpoints.get(endpoint)!.config)).toBe(before);
        expect(await getTraffic(model)).toMatchObject({ version: before });
      }),
      { seed: 22, numRuns: 15 },
    );
  }, 60_000);
});

describe("A deployment", () => {
  test("fails when SageMaker rolls its update back, and the previous version serves on", async () => {
    expectErrorLog(/Deployment failed/);
    const before = await registered("a");
    await deploy(before);
    const { deployment } = await provision({ model, version: await registered("b") }, "test", now);
    await advanceDeployment(model, clock);
    finishChanges();
    await advanceDeployment(model, clock);
    broken.add(deployment!.config);
    finishChanges();
    await advanceDeployment(model, clock);
    expect(await getDeployment(deployment!.id)).toMatchObject({
      status: "failed",
      step: "live",
      reason: expect.stringContaining("rolled back"),
    });
    expect([...endpoints.keys()]).toEqual([endpoint]);
    expect(await getTraffic(model)).toMatchObject({ version: before });
  });

  test("to another instance type restores the scaling of the live endpoint when it is rolled back", async () => {
    expectErrorLog(/Deployment failed/);
    const live = "endpoint/sluice-test-vehicles-realtime/variant/AllTraffic";
    const on = (version: string, instance: string) =>
      provision({ model, version, target: "realtime", instance }, "test", now);
    await on(await registered("a"), "ml.m5.large");
    for (let turn = 0; turn < 5; turn++) {
      await advanceDeployment(model, clock);
      finishChanges();
    }
    expect([...scaled]).toEqual([live]);
    const { deployment } = await on(await registered("b"), "ml.c5.large");
    await advanceDeployment(model, clock);
    finishChanges();
    await advanceDeployment(model, clock);
    // SageMaker refuses other instances to an endpoint that is scaled.
    expect([...scaled]).toEqual([]);
    broken.add(deployment!.config);
    finishChanges();
    await advanceDeployment(model, clock);
    expect(await getDeployment(deployment!.id)).toMatchObject({ status: "failed", step: "live" });
    expect([...scaled]).toEqual([live]);
    expect(scaler.commandCalls(RegisterScalableTargetCommand).at(-1)!.args[0].input).toMatchObject({
      MinCapacity: 1,
      MaxCapacity: 3,
    });
  });

  test("fails after 40 minutes without progress", async () => {
    expectErrorLog(/Deployment failed/);
    await deploy(await registered("a"));
    const { deployment } = await provision({ model, version: await registered("b") }, "test", now);
    await advanceDeployment(model, clock);
    expect(endpoints.get(candidate)).toMatchObject({ status: "Creating" });
    now += 41 * MINUTE;
    await advanceDeployment(model, clock);
    expect(await getDeployment(deployment!.id)).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(/"candidate" did not finish within 40 minutes/),
    });
  });

  test("of a share fails when too many responses of the candidate are failures", async () => {
    expectErrorLog(/Deployment failed/);
    const before = await registered("a");
    await deploy(before);
    const version = await registered("b");
    const { deployment } = await provision({ model, version, shares: [10, 100] }, "test", now);
    for (let turn = 0; turn < 3; turn++) {
      await advanceDeployment(model, clock);
      finishChanges();
    }
    expect(await getTraffic(model)).toMatchObject({ candidate: { version, share: 10, endpoint: candidate } });
    await db().entities.traffic.update({ model }).add({ responses: 20, failures: 4 }).go();
    await advanceDeployment(model, clock);
    expect(await getDeployment(deployment!.id)).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("4 of the candidate's 20 responses"),
    });
    expect((await getTraffic(model)).candidate).toBeUndefined();
    expect([...endpoints.keys()]).toEqual([endpoint]);
  });

  test("of a share fails when the candidate's accuracy is clearly lower, and has a report of each share", async () => {
    expectErrorLog(/Deployment failed/);
    const before = await registered("a");
    await deploy(before);
    const version = await registered("b");
    const request = { model, version, shares: [10, 50, 100], every: "10 minutes" as const };
    const { deployment } = await provision(request, "test", now);
    for (let turn = 0; turn < 3; turn++) {
      await advanceDeployment(model, clock);
      finishChanges();
    }
    now += 10 * MINUTE;
    await advanceDeployment(model, clock);
    expect(await getTraffic(model)).toMatchObject({ candidate: { version, share: 50 } });
    await served(before, 20, 20);
    await served(version, 20, 4);
    await advanceDeployment(model, clock);
    expect(await getDeployment(deployment!.id)).toMatchObject({ status: "running" });
    now += 10 * MINUTE;
    await advanceDeployment(model, clock);
    expect(await getDeployment(deployment!.id)).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(/^The accuracy of bbbbbbbbbbbb is 20\.0 % .* clearly below 100\.0 %/),
      comparisons: [
        { share: 10, decision: "wait" },
        {
          share: 50,
          decision: "keep",
          current: { version: before, judged: 20, accuracy: { value: 1 } },
          candidate: { version, predictions: 20, accuracy: { value: 0.2 } },
        },
      ],
    });
    expect(await getTraffic(model)).toMatchObject({ version: before });
    expect((await getTraffic(model)).candidate).toBeUndefined();
  });

  test("by the policy goes live at once as the first, and then shifts its traffic as declared", async () => {
    const declared = byName(model)!.policy.deploy!;
    declared.shift = { shares: [20, 100], every: "1 minutes", maxErrorRate: 0.5 };
    try {
      const accept = async (word: string) => {
        const version = await registered(word);
        await db().entities.modelVersion.patch({ model, version }).set({ evaluation: "done" }).go();
        const detail = { model, version } as DeploymentTrigger["detail"];
        await handleDeploymentEvent({ type: "version.accepted", detail } as DeploymentTrigger, clock);
        for (let turn = 0; turn < 5; turn++) {
          finishChanges();
          await advanceDeployment(model, clock);
        }
        return version;
      };
      const first = await accept("a");
      expect(await getTraffic(model)).toMatchObject({ version: first });
      const second = await accept("b");
      expect(await getTraffic(model)).toMatchObject({
        version: first,
        candidate: { version: second, share: 20 },
      });
      const { deployment } = await getTraffic(model);
      expect(await getDeployment(deployment!)).toMatchObject({
        requestedBy: "policy",
        shift: { shares: [20, 100], everySeconds: 60, maxErrorRate: 0.5 },
      });
      await happen([]);
      expect(await getTraffic(model)).toMatchObject({ version: second });
    } finally {
      delete declared.shift;
    }
  });

  test("requested during the cleanup of the previous one creates its deleted config again", async () => {
    await deploy(await registered("a"));
    const version = await registered("b");
    const shift = () => provision({ model, version, shares: [10, 100], every: "1 minutes" }, "test", now);
    await shift();
    await advanceDeployment(model, clock);
    await abortDeployment(model, "test", now);
    let again: string | undefined;
    client.on(DeleteEndpointConfigCommand).callsFake(async ({ EndpointConfigName: name }) => {
      if (again === undefined) {
        again = (await shift()).deployment!.id;
        await advanceDeployment(model, clock);
      }
      deleteConfig(name);
    });
    await happen([]);
    expect(await getDeployment(again!)).toMatchObject({ status: "live", version });
    expect(await getTraffic(model)).toMatchObject({ version });
  });

  test.each(["DescribeEndpointConfig", "CreateEndpoint", "UpdateEndpoint"])(
    "whose config is deleted before %s creates it again, and fails if it is deleted each time",
    async (operation) => {
      expectErrorLog(/Deployment failed/);
      await deploy(await registered("a"));
      const version = await registered("b");
      let removals = 1;
      hooks.beforeConfig = (requested, config) => {
        if (requested === operation && versionOf(config) === version && removals-- > 0)
          configs.delete(config);
      };
      const first = await provision({ model, version }, "test", now);
      await happen([]);
      expect(await getDeployment(first.deployment!.id)).toMatchObject({ status: "live" });
      removals = Infinity;
      await deploy(await registered("a"));
      const second = await provision({ model, version }, "test", now);
      await happen([]);
      expect(await getDeployment(second.deployment!.id)).toMatchObject({
        status: "failed",
        reason: expect.stringContaining("Could not find endpoint configuration"),
      });
    },
  );
});
