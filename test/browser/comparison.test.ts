// The A/B report on the page of a model, with records of two versions that share the traffic.
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { db } from "@sluice/core/db.ts";
import { violations } from "./axe.ts";
import { openSite, type Site } from "./site.ts";
import { timesAt } from "../support/prediction-times.ts";

const model = "vehicles";
const [live, candidate] = ["0a1b2c3d4e5f", "6a7b8c9d0e1f"];
const COUNT = 40;

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await seedVersion(live, 39);
  await seedVersion(candidate, 12);
  await seedShift();
});
afterAll(() => site.dispose());
afterEach(async () => expect(await site.close()).toEqual([]));

/** Reviewed predictions of which `correct` are right. */
async function seedVersion(version: string, correct: number) {
  const at = new Date().toISOString();
  const day = at.slice(0, 10);
  const records = Array.from({ length: COUNT }, (_, index) => ({
    id: `prd_${version}${index}`,
    model,
    task: "image-classification" as const,
    status: "completed" as const,
    source: { bucket: "uploads", key: `uploads/vehicles/${version}-${index}.jpg`, size: 1_000 },
    attempts: 1,
    modelVersion: version,
    summary: { class: "car", confidence: 0.95 },
    timings: { totalMs: 100 + index, invokeMs: 40 + index },
    review: {
      status: "resolved" as const,
      reason: "rejected" as const,
      openedAt: at,
      agreed: index < correct,
    },
    ...timesAt(at),
  }));
  await db().entities.prediction.put(records).go({ concurrency: 8 });
  await db().entities.day.put({ model, day }).go();
}

async function seedShift() {
  const at = new Date(Date.now() - 600_000).toISOString();
  const endpoint = "sluice-local-vehicles-serverless";
  const hosting = { memory: 2048, concurrency: 5, instance: "ml.m5.large", autoscaling: { min: 1, max: 3 } };
  await db()
    .entities.deployment.put({
      id: "dep_1",
      model,
      version: candidate,
      hosting: { target: "serverless", ...hosting },
      endpoint,
      candidate: `${endpoint}-next`,
      config: "config",
      status: "failed",
      step: "shifting",
      revision: 1,
      comparisons: [{ share: 10, at, decision: "wait", explanation: "2 predictions of each version." }],
      requestedBy: "policy",
      times: [{ step: "shifting", at }],
      startedAt: at,
      changedAt: at,
    })
    .go();
  await db()
    .entities.traffic.put({
      model,
      version: live,
      endpoint,
      target: "serverless",
      candidate: {
        version: candidate,
        endpoint: `${endpoint}-next`,
        target: "serverless",
        share: 50,
        since: at,
      },
      deployment: "dep_1",
      changedAt: at,
    })
    .go();
}

test("the model's page compares the versions with intervals, and recommends what to do", async () => {
  const page = await site.open(`#/model/${model}`);
  const panel = page.locator(".panel", { has: page.getByRole("heading", { name: "Versions compared" }) });
  await panel.getByText(/^keep$/).waitFor();
  await panel.getByText(`The accuracy of ${candidate} is 30.0 %`).waitFor();
  const table = panel.getByRole("region", { name: "Figures of both versions" });
  const heads = await table.locator("thead th").allTextContents();
  expect(heads).toEqual([
    "Figure",
    `${live}: 40 served, 40 judged`,
    `${candidate}: 40 served, 40 judged`,
    "Difference",
  ]);
  const accuracy = table.getByRole("row", { name: /^Accuracy/ });
  await accuracy.getByText("97.5 %").waitFor();
  await accuracy.getByText("−67.5 points").waitFor();
  const [ofLive, ofCandidate] = await accuracy
    .locator("svg.interval .fill")
    .evaluateAll((all) => all.map((bar) => Number(bar.getAttribute("x"))));
  expect(ofLive).toBeGreaterThan(60);
  expect(ofCandidate).toBe(0);
  await table
    .getByRole("row", { name: /^Cost per 1,000/ })
    .getByText(/^\$0\.\d+$/)
    .first()
    .waitFor();
  await panel.getByRole("list", { name: "Shares of the last shift" }).getByText("at 10 %").waitFor();
  await panel.getByText("includes reviews of predictions below the threshold").waitFor();
});

test("a model without versions says so", async () => {
  const page = await site.open("#/model/cats");
  await page.getByText("Fewer than two versions served predictions in this period.").waitFor();
  expect(await page.getByRole("region", { name: "Figures of both versions" }).count()).toBe(0);
});

test.each(["light", "dark"] as const)("axe finds no problems in the report, %s", async (colorScheme) => {
  const page = await site.open(`#/model/${model}`, { colorScheme, bypassCSP: true });
  await page.getByRole("region", { name: "Figures of both versions" }).waitFor();
  await expect.poll(() => page.locator(".loading").count()).toBe(0);
  expect(await violations(page)).toEqual([]);
});
