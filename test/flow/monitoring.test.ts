// Drift over the real path: uploads, a trained package behind an endpoint, captures, and the monitor behind the API.
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DeleteObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { CAPTURE_BYTES } from "@sluice/core/cost/estimate.ts";
import { db } from "@sluice/core/db.ts";
import { COMPLETE_AFTER_MS } from "@sluice/core/monitor/collect.ts";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { putCaptures } from "../support/captures.ts";
import { graphWithoutSchedules, startStage, type Stage } from "../support/cloud.ts";
import { sampleOf } from "../support/sample.ts";

const PICTURES = 40;
const DAY_MS = 86_400_000;

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(graphWithoutSchedules());
  await stage.deploy("vehicles");
}, 120_000);
afterAll(() => stage.dispose());

async function send(method: string, route: string, body: object = {}) {
  const answer = await stage.api(route, method === "GET" ? {} : { method, body });
  return { status: answer.status, body: await answer.json() };
}

/** Uploads pictures and returns the ids of their predictions. */
async function uploadAll(name: string, change: (bytes: Uint8Array) => Promise<Uint8Array>) {
  const uploads = await Promise.all(
    Array.from({ length: PICTURES }, async (_, index) => {
      const { bytes } = await sampleOf("vehicles", index);
      return stage.upload(`uploads/vehicles/${name}-${index}.jpg`, await change(bytes));
    }),
  );
  const found = [];
  for (const { idFor } of uploads) found.push((await stage.prediction(idFor("vehicles"))).id);
  return found;
}

test("dark pictures after normal ones are reported as drift of the brightness, with an event", async () => {
  const early = await send("POST", "/monitoring/vehicles/runs");
  expect(early).toMatchObject({ status: 200, body: { status: "insufficient" } });
  expect(early.body.reason).toMatch(/has no baseline yet: 0 of 500/);

  await uploadAll("day", (bytes) => Promise.resolve(bytes));
  const refused = await send("POST", "/monitoring/vehicles/baseline", {});
  expect(refused).toMatchObject({ status: 409, body: { code: "BASELINE_MISSING" } });
  expect(refused.body.detail).toContain(`${PICTURES} predictions of the live version`);
  expect(await send("POST", "/monitoring/vehicles/baseline", { count: PICTURES })).toMatchObject({
    status: 200,
    body: { source: "captured", count: PICTURES },
  });

  const dark = await uploadAll("night", async (bytes) => sharp(bytes).linear(0.2, 0).jpeg().toBuffer());
  const { status, body: report } = await send("POST", "/monitoring/vehicles/runs");
  expect(status).toBe(200);
  expect(report).toMatchObject({
    status: "drift",
    count: PICTURES,
    reason: expect.stringMatching(/brightness changed/i),
    harm: { metric: "accuracy", estimated: expect.any(Number) },
  });
  const brightness = report.findings.find(({ name }: { name: string }) => name === "brightness");
  expect(brightness).toMatchObject({ drifted: true, group: "inputs", test: "ks" });
  expect(brightness.current.median).toBeLessThan(brightness.baseline.median / 2);
  expect(dark).toEqual(expect.arrayContaining(report.examples.window));

  const { body: events } = await send("GET", "/events?subject=vehicles&type=drift.detected");
  expect(events.items).toMatchObject([{ detail: { id: report.id, modelVersion: report.modelVersion } }]);
  expect((await send("GET", `/monitoring/reports/${report.id}`)).body).toEqual(report);
  const { body: shown } = await send("GET", "/monitoring/vehicles");
  expect(shown).toMatchObject({
    model: "vehicles",
    version: report.modelVersion,
    baseline: { source: "captured", count: PICTURES, temperature: 1 },
    latest: { id: report.id },
  });
}, 240_000);

test("a synchronous prediction is captured and monitored too", async () => {
  const { bytes } = await sampleOf("vehicles", 1);
  const answer = await stage.api("/predict/vehicles", { method: "POST", body: bytes });
  expect(answer.status).toBe(200);
  const { body: report } = await send("POST", "/monitoring/vehicles/runs");
  expect(report).toMatchObject({ status: "insufficient", count: 1 });
  const { id } = await answer.json();
  const { Contents } = await stage.s3.send(
    new ListObjectsV2Command({ Bucket: stage.results, Prefix: "capture/" }),
  );
  const own = Contents!.filter(({ Key }) => Key!.includes(id));
  expect(own).toHaveLength(1);
  // What the estimate of costs assumes.
  expect(own[0]!.Size).toBeLessThan(CAPTURE_BYTES);
}, 60_000);

test("the function of the schedule writes yesterday's report with its own permissions", async () => {
  const { body: shown } = await send("GET", "/monitoring/vehicles");
  const { version, latest } = shown;
  const midnight = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  // The first minutes after midnight belong to the day before.
  const day = Date.now() - midnight < COMPLETE_AFTER_MS ? midnight - DAY_MS : midnight;
  const createdAt = new Date(day - 3 * DAY_MS).toISOString();
  await db().entities.modelVersion.update({ model: "vehicles", version }).set({ createdAt }).go();
  const Key = `monitoring/vehicles/${version}/baseline.json`;
  await stage.s3.send(new DeleteObjectCommand({ Bucket: stage.artifacts, Key }));
  const captures = { model: "vehicles", version };
  await putCaptures(stage, { ...captures, count: 500, at: day - 2 * DAY_MS, name: "before" });
  await putCaptures(stage, { ...captures, count: 60, at: day - DAY_MS, brightness: 20, name: "yesterday" });

  const invoked = await new LambdaClient({}).send(
    new InvokeCommand({ FunctionName: "sluice-local-VehiclesMonitorFunction" }),
  );
  expect(invoked.FunctionError, Buffer.from(invoked.Payload ?? []).toString()).toBeUndefined();
  const { body } = await send("GET", "/monitoring/vehicles/reports");
  const scheduled = body.items.filter(({ trigger }: { trigger: string }) => trigger === "schedule");
  expect(scheduled).toMatchObject([{ status: "drift", count: 60, to: new Date(day).toISOString() }]);
  expect(body.items[0].id).toBe(latest.id);
}, 120_000);
