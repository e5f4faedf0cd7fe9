// Deployments that move the traffic share by share.
import { DeleteEndpointConfigCommand } from "@aws-sdk/client-sagemaker";
import { byName } from "@sluice/models/index.ts";
import { db } from "@sluice/core/db.ts";
import { abortDeployment } from "@sluice/core/deployment/abort.ts";
import { advanceDeployment } from "@sluice/core/deployment/advance.ts";
import { handleDeploymentEvent, type DeploymentTrigger } from "@sluice/core/deployment/on-event.ts";
import { getDeployment, getTraffic } from "@sluice/core/deployment/read.ts";
import { provision } from "@sluice/core/deployment/request.ts";
import { describe, expect, test } from "vitest";
import { candidate, deployments, endpoint, MINUTE, model } from "./deployments.ts";
import { expectErrorLog } from "../support/error-log.ts";

const { time, clock, registered, deploy, happen, ...sagemaker } = deployments();
const { client, endpoints, finishChanges, deleteConfig } = sagemaker;

/** Records of reviewed predictions that a version served now. */
async function served(version: string, count: number, correct: number) {
  const at = new Date(time.now).toISOString();
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

describe("A deployment", () => {
  test("of a share fails when too many responses of the candidate are failures", async () => {
    expectErrorLog(/Deployment failed/);
    const before = await registered("a");
    await deploy(before);
    const version = await registered("b");
    const { deployment } = await provision({ model, version, shares: [10, 100] }, "test", time.now);
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
    const { deployment } = await provision(request, "test", time.now);
    for (let turn = 0; turn < 3; turn++) {
      await advanceDeployment(model, clock);
      finishChanges();
    }
    time.now += 10 * MINUTE;
    await advanceDeployment(model, clock);
    expect(await getTraffic(model)).toMatchObject({ candidate: { version, share: 50 } });
    await served(before, 20, 20);
    await served(version, 20, 4);
    await advanceDeployment(model, clock);
    expect(await getDeployment(deployment!.id)).toMatchObject({ status: "running" });
    time.now += 10 * MINUTE;
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
    const shift = () =>
      provision({ model, version, shares: [10, 100], every: "1 minutes" }, "test", time.now);
    await shift();
    await advanceDeployment(model, clock);
    await abortDeployment(model, "test", time.now);
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
});
