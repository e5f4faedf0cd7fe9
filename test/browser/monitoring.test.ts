// The view of monitoring follows the loop: no report, a report of drift with examples, and a decision about a retraining.
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { generatorOf } from "@sluice/samples/generate.ts";
import type { Conditions } from "@sluice/samples/toolkit/sample.ts";
import { violations } from "./axe.ts";
import { openSite, type Site } from "./site.ts";

const IMAGES = 40;
const FROM = 700_000;

let site: Site;
beforeAll(async () => {
  site = await openSite();
  await site.deploy("vehicles");
});
afterAll(() => site.dispose());
afterEach(async () => expect(await site.close()).toEqual([]));

async function uploadImages(conditions: Conditions) {
  const uploads = await Promise.all(
    Array.from({ length: IMAGES }, async (_, index) => {
      const { name, bytes, contentType } = await generatorOf("vehicles").generate(
        1,
        FROM + index,
        conditions,
      );
      return site.upload(`uploads/vehicles/${name}`, bytes, { ContentType: contentType });
    }),
  );
  for (const { idFor } of uploads) await site.prediction(idFor("vehicles"));
}

test("a report of drift shows what changed, with examples, the estimate and the decision", async () => {
  const page = await site.open("#/monitoring/vehicles");
  await page.getByText("No reports of vehicles").waitFor();
  await page.getByText("Nothing is known yet").waitFor();

  await uploadImages("day");
  const body = { count: IMAGES };
  const built = await site.api("/monitoring/vehicles/baseline", { method: "POST", body });
  expect(built.status).toBe(200);
  await uploadImages("night");
  await page.getByRole("button", { name: "Compare now" }).click();

  const comparisons = page.getByRole("region", { name: "Comparisons with the baseline" });
  const brightness = comparisons.getByRole("row", { name: /^brightness changed/ });
  await brightness.waitFor();
  expect(await brightness.textContent()).toMatch(/Kolmogorov-Smirnov< 0.001/);
  await page
    .getByText(/brightness changed \(median/i)
    .first()
    .waitFor();
  await page.getByText("Estimated accuracy").waitFor();
  // Typical images of the baseline, and the most changed ones of the window.
  const examples = page.locator(".panel", { hasText: "Examples" }).locator("img");
  await examples.nth(6).waitFor();

  const decided = await site.api("/models/vehicles/retrain", { method: "POST", body: {} });
  expect(await decided.json()).toMatchObject({ act: false, reason: "few-labels" });
  await page
    .getByText(/of 200 new labels\.|labels since then\./)
    .first()
    .waitFor();
  expect(await violations(page)).toEqual([]);
}, 240_000);
