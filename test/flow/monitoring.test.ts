// Drift over the real path: uploads, a trained package behind an endpoint, captures, and the monitor behind the API.
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { graphWithoutSchedules, startStage, type Stage } from "../support/cloud.ts";
import { sampleOf } from "../support/sample.ts";

const PICTURES = 40;

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
}, 60_000);
