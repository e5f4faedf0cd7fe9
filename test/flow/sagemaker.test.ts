import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { db } from "@sluice/core/db.ts";
import { parseEndpointEvent } from "@sluice/core/endpoint/change.ts";
import { handleEndpointChange } from "@sluice/core/endpoint/on-change.ts";
import { listConfigChanges } from "@sluice/core/endpoint/history.ts";
import { getEndpoint, listEndpoints } from "@sluice/core/endpoint/read.ts";
import { handler as endpointHandler } from "@sluice/functions/event/endpoint.ts";
import { mockClient } from "aws-sdk-client-mock";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { edges } from "./edges.ts";
import endpointEvents from "./events/endpoint.json" with { type: "json" };
import { stage } from "./stage.ts";

let cloud: Awaited<ReturnType<typeof stage>>;
const { bus, works, events } = edges();
const queues = mockClient(SQSClient);
const endpoint = "sluice-test-cats-serverless";
beforeAll(async () => {
  cloud = await stage();
  process.env.SST_RESOURCE_CatsQueue = JSON.stringify({ url: `${cloud.endpoint}/000000000000/cats` });
});
afterAll(() => cloud.dispose());
beforeEach(() => {
  works();
  queues.on(SendMessageBatchCommand).resolves({});
});

async function forget() {
  await db().entities.endpoint.delete({ name: endpoint }).go();
  for (const config of ["config-a", "config-b"])
    await db().entities.configChange.delete({ endpoint, config }).go();
}

/** Every event at least once, in any order, some again: what EventBridge and SageMaker may do. */
const disorder = <T>(list: T[]) =>
  fc
    .tuple(fc.shuffledSubarray(list, { minLength: list.length }), fc.shuffledSubarray(list))
    .map(([all, again]) => [...all, ...again]);

describe("Endpoint events", () => {
  test("in any order and number lead to the same record: in service, rolled back, with the previous config", async () => {
    await fc.assert(
      fc.asyncProperty(disorder(endpointEvents), async (list) => {
        await forget();
        for (const event of list) await endpointHandler(event);
        const { changedAt: _, ...found } = await getEndpoint(endpoint);
        expect(found).toEqual({
          name: endpoint,
          model: "cats",
          target: "serverless",
          status: "InService",
          config: "config-a",
          failureReason: "The new fleet did not answer /ping; rolled back.",
          rolledBack: true,
          sourceModifiedAt: Date.parse("2020-03-10T09:40:00Z"),
          createdAt: "2020-03-10T09:18:00.000Z",
        });
        expect(await listEndpoints()).toHaveLength(1);
        const past = await listConfigChanges(await getEndpoint(endpoint));
        expect(past.map(({ config, status, stage }) => ({ config, status, stage }))).toEqual([
          { config: "config-b", status: "rolledBack", stage: "Creating" },
          { config: "config-a", status: "succeeded", stage: undefined },
        ]);
      }),
      { seed: 11, numRuns: 15 },
    );
  }, 60_000);

  test("are published on the bus once each, also when repeated", async () => {
    await forget();
    await endpointHandler(endpointEvents[1]);
    await endpointHandler(endpointEvents[1]);
    await endpointHandler(endpointEvents[0]);
    expect(events()).toMatchObject([
      { type: "endpoint.changed", detail: { name: endpoint, status: "InService" } },
    ]);
  });

  test("of other endpoints are ignored; invalid ones are rejected", async () => {
    await handleEndpointChange({ name: "somebody-elses", status: "InService", modifiedAt: 1 }, 1);
    await expect(getEndpoint("somebody-elses")).rejects.toMatchObject({ code: "ENDPOINT_UNKNOWN" });
    expect(bus.calls()).toHaveLength(0);
    expect(() => parseEndpointEvent({ source: "aws.sagemaker", detail: {} })).toThrow(/EndpointName/);
  });
});
