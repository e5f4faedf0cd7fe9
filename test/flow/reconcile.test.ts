import { DescribeEndpointCommand, ListEndpointsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { importLabels } from "@sluice/core/label/import-labels.ts";
import { importId } from "@sluice/core/label/import-run.ts";
import { getImport } from "@sluice/core/label/imports.ts";
import { getEndpoint } from "@sluice/core/endpoint/read.ts";
import { claimPredictions } from "@sluice/core/prediction/claim.ts";
import { newPrediction } from "@sluice/core/prediction/new-prediction.ts";
import { getModel } from "@sluice/core/model/model.ts";
import { getPrediction } from "@sluice/core/prediction/record.ts";
import { reconcile } from "@sluice/core/reconcile/reconcile.ts";
import { arrivalMessage, parseArrival } from "@sluice/core/upload/arrival.ts";
import { mockClient } from "aws-sdk-client-mock";
import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { delivery, edges } from "./edges.ts";
import { stage } from "./stage.ts";

let cloud: Awaited<ReturnType<typeof stage>>;
const { works, objects } = edges();
const maker = mockClient(SageMakerClient);
const endpoint = "sluice-test-vehicles-serverless";
beforeAll(async () => {
  cloud = await stage();
});
afterAll(() => cloud.dispose());
beforeEach(() => {
  works();
  maker.reset();
  maker.onAnyCommand().resolves({});
});

describe("The reconciler", () => {
  const now = Date.parse("2026-11-21T08:00:00Z");

  test("records an endpoint whose events were lost, and its deletion", async () => {
    const found = { EndpointName: endpoint, EndpointStatus: "InService", EndpointConfigName: "c" } as const;
    const times = { CreationTime: new Date(now - 9_000), LastModifiedTime: new Date(now - 5_000) };
    maker.on(ListEndpointsCommand).resolves({ Endpoints: [{ ...found, ...times, EndpointArn: "arn" }] });
    maker.on(DescribeEndpointCommand).resolves({ ...found, ...times });
    await reconcile(now);
    await reconcile(now + 1);
    expect(await getEndpoint(endpoint)).toMatchObject({ status: "InService", config: "c" });
    maker.on(ListEndpointsCommand).resolves({ Endpoints: [] });
    await reconcile(now + 2);
    expect(await getEndpoint(endpoint)).toMatchObject({ status: "Deleted", sourceModifiedAt: now + 2 });
  });

  test("fails only predictions that were claimed long ago and never ended", async () => {
    maker.on(ListEndpointsCommand).resolves({ Endpoints: [] });
    const taken = async (key: string, at: number) => {
      const prediction = newPrediction(getModel("vehicles"), parseArrival(delivery(key).body));
      await claimPredictions([{ ...prediction, firstReceive: true, messageId: key, receives: 1 }], {
        holder: "dead",
        leaseUntil: at + 60_000,
        now: at,
      });
      return prediction.id;
    };
    const old = await taken("uploads/vehicles/old.jpg", now - 3 * 3_600_000);
    const young = await taken("uploads/vehicles/young.jpg", now - 60_000);
    await reconcile(now);
    expect(await getPrediction(old)).toMatchObject({
      status: "failed",
      error: { code: "PROCESSING_STALLED" },
    });
    expect(await getPrediction(young)).toMatchObject({ status: "processing" });
  });

  test("fails an import whose worker died on the last receive, and it can be imported again", async () => {
    maker.on(ListEndpointsCommand).resolves({ Endpoints: [] });
    const key = "labels/vehicles/stalled.csv";
    const source = { bucket: "uploads", key, versionId: "v1" };
    const message = arrivalMessage({ source, uploadedAt: new Date(now).toISOString() });
    const status = async () => (await getImport(importId("uploads", key, "v1"))).status;
    const dies = async (receives: number, at: number) => {
      const reached = new Promise<void>((resolve) =>
        objects.on(GetObjectCommand).callsFake(() => new Promise(() => resolve())),
      );
      void importLabels(message, { receives, now: at });
      await reached;
    };
    await dies(4, now);
    await reconcile(now + 20 * 60_000);
    expect(await status(), "its message comes again").toBe("running");
    await dies(5, now);
    await reconcile(now + 10 * 60_000);
    expect(await status(), "it may still work").toBe("running");
    await reconcile(now + 20 * 60_000);
    expect(await getImport(importId("uploads", key, "v1"))).toMatchObject({
      status: "failed",
      error: { code: "IMPORT_STALLED", hint: expect.stringContaining("again") },
      finishedAt: expect.any(String),
    });
    objects.on(GetObjectCommand).callsFake(() => {
      const bytes = Buffer.from("file,class\na.jpg,car\n");
      return { Body: Object.assign(Readable.from([bytes]), { transformToByteArray: async () => bytes }) };
    });
    await importLabels(message, { receives: 1, now: now + 30 * 60_000 });
    expect(await getImport(importId("uploads", key, "v1"))).toMatchObject({ status: "done", added: 1 });
  });
});
